import type { Flow, Stream } from '../../toxics/toxic.ts';
import type { Scope, Tally } from '../exchange.ts';
import type { CutBy } from '../faults/fault.ts';
import type { SelectedRule } from '../rules/rule-book.ts';
import { CLOSE_OPCODE, closeFrame, createFrameReader } from './frame-reader.ts';
import { createMessageGate } from './message-gate.ts';

/** Bytes that faults may hold in one direction before its sender is not read from. */
const HOLDS_UP_TO_BYTES = 256 * 1024;

/** Who has been told that the WebSocket closes may take so long to answer. */
const CLOSES_WITHIN_MS = 1000;

export interface TunnelOptions {
  readonly selected: readonly SelectedRule[];
  /** Where the bytes of each direction leave. */
  readonly sinks: Readonly<Record<Stream, Flow>>;
  readonly setHeldUp: (stream: Stream, isHeldUp: boolean) => void;
  readonly cut: (by: CutBy) => void;
  readonly scope: Scope;
  readonly tally: Tally;
}

/** Both directions of a connection that has been upgraded; bytes as they are, but for the faults of an open WebSocket. */
export const openTunnel = (options: TunnelOptions): Readonly<Record<Stream, Flow>> => {
  const { sinks, scope, tally } = options;
  const faults = options.selected.filter(({ rule }) => rule.kind.messages);
  if (faults.length === 0) return sinks;
  /** Nothing passes any more; ends are heard out. */
  let isClosed = false;
  /** Directions whose sender is still to say that it closes, after it has been told to. */
  const closing = new Set<Stream>();
  const closed = (stream: Stream) => {
    // An end before the other side has answered the close frame would not be a clean close to it (RFC 6455, section 7.1.1).
    if (closing.delete(stream) && closing.size === 0) options.cut('close');
  };

  const exit = (stream: Stream) => {
    const frames = createFrameReader({
      onPart({ opcode }, _bytes, isEnd) {
        if (opcode === CLOSE_OPCODE && isEnd) closed(stream);
      },
    });
    const flow: Flow = {
      write(bytes) {
        if (!isClosed) sinks[stream].write(bytes);
        frames.feed(bytes);
      },
      end() {
        if (!isClosed) sinks[stream].end();
        closed(stream);
      },
    };
    return { flow, frames };
  };
  const exits = { upstream: exit('upstream'), downstream: exit('downstream') };

  const close = (code: number, reason: string) => {
    if (isClosed) return;
    isClosed = true;
    for (const stream of ['upstream', 'downstream'] as const) {
      closing.add(stream);
      // In the middle of a frame another would be taken for its payload.
      if (exits[stream].frames.isBetweenFrames) sinks[stream].write(closeFrame(code, reason, stream === 'upstream'));
    }
    scope.after(CLOSES_WITHIN_MS, () => options.cut('close'));
  };
  const cut = (by: CutBy) => {
    if (isClosed) return;
    isClosed = true;
    options.cut(by);
  };

  const lineOf = (stream: Stream): Flow => {
    let held = 0;
    const hold = (bytes: number) => {
      held += bytes;
      options.setHeldUp(stream, held > HOLDS_UP_TO_BYTES);
    };
    const touching = faults.filter(({ rule: { kind, settings } }) => (kind.stream?.(settings) ?? 'downstream') === stream);
    return touching.reduceRight<Flow>((next, { rule, random, onGone }) => {
      const landed = () => tally.landed(rule.name);
      const gate = createMessageGate(rule.kind.messages!(rule.settings), {
        next,
        random,
        after: scope.after,
        hold,
        landed,
        cut,
        close,
      });
      scope.defer(onGone(gate.release));
      return gate;
    }, exits[stream].flow);
  };
  return { upstream: lineOf('upstream'), downstream: lineOf('downstream') };
};
