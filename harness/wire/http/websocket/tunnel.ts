import type { Flow, Stream } from '../../toxics/toxic.ts';
import type { Scope, Tally } from '../exchange.ts';
import type { CutBy } from '../faults/fault.ts';
import type { SelectedRule } from '../rules/rule-book.ts';
import { closeFrame, createFrameReader } from './frame-reader.ts';
import { createMessageGate } from './message-gate.ts';

/** Bytes that faults may hold in one direction before its sender is not read from. */
const HOLDS_UP_TO_BYTES = 256 * 1024;

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
  let isClosed = false;

  const exit = (stream: Stream) => {
    const frames = createFrameReader({ onPart: () => undefined });
    const flow: Flow = {
      write(bytes) {
        if (isClosed) return;
        frames.feed(bytes);
        sinks[stream].write(bytes);
      },
      end() {
        if (!isClosed) sinks[stream].end();
      },
    };
    return { flow, frames };
  };
  const exits = { upstream: exit('upstream'), downstream: exit('downstream') };

  const close = (code: number, reason: string) => {
    if (isClosed) return;
    isClosed = true;
    for (const stream of ['upstream', 'downstream'] as const) {
      // In the middle of a frame another would be taken for its payload.
      if (exits[stream].frames.isBetweenFrames) sinks[stream].write(closeFrame(code, reason, stream === 'upstream'));
    }
    options.cut('close');
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
