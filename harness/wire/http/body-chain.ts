import type { Flow, Stream } from '../toxics/toxic.ts';
import type { Scope, Tally } from './exchange.ts';
import type { BodyStage, CutBy, HeaderPairs } from './faults/fault.ts';
import type { SelectedRule } from './rules/rule-book.ts';

/** Bytes of a body that faults may hold before its sender is not read from. */
const HOLDS_UP_TO_BYTES = 256 * 1024;

/** Where a body leaves that has gone through faults. */
export interface BodySink extends Flow {
  cut(by: CutBy): void;
  endWith(trailers: HeaderPairs): void;
}

/** The faults of one body, one behind the other in the rules' order. */
export interface BodyChain extends Flow {
  /** The sender has gone in the middle: what is held still goes on, and then the cut. */
  abort(): void;
}

export interface BodyChainOptions {
  readonly selected: readonly SelectedRule[];
  readonly stream: Stream;
  readonly sink: BodySink;
  readonly scope: Scope;
  readonly tally: Tally;
  /** The sender is to be read from again, or not for now. */
  readonly setHeldUp: (isHeldUp: boolean) => void;
}

type Ending = { readonly cutBy: CutBy } | { readonly trailers: HeaderPairs };

/** Undefined when none of the rules touches the body. */
export const createBodyChain = (options: BodyChainOptions): BodyChain | undefined => {
  const { stream, sink, scope, tally, setHeldUp } = options;
  const touching = options.selected.filter(
    ({ rule: { kind, settings } }) => kind.body && (kind.stream?.(settings) ?? 'downstream') === stream,
  );
  if (touching.length === 0) return undefined;

  let held = 0;
  let isHeldUp = false;
  let isClosed = false;
  /** How the body ends, where not as its sender ended it: travels in line behind the bytes. */
  let ending: Ending | undefined;
  scope.defer(() => {
    isClosed = true;
  });

  const hold = (bytes: number) => {
    held += bytes;
    const isOver = held > HOLDS_UP_TO_BYTES;
    if (isOver === isHeldUp) return;
    isHeldUp = isOver;
    setHeldUp(isOver);
  };
  const last: Flow = {
    write(bytes) {
      if (!isClosed) sink.write(bytes);
    },
    end() {
      if (isClosed) return;
      isClosed = true;
      if (!ending) sink.end();
      else if ('cutBy' in ending) sink.cut(ending.cutBy);
      else sink.endWith(ending.trailers);
    },
  };

  const open = (one: SelectedRule, next: Flow): BodyStage | undefined => {
    const { rule, random } = one;
    const finish = (how: Ending) => {
      ending ??= how;
      next.end();
    };
    const stage = rule.kind.body!(rule.settings, {
      next,
      random,
      after: scope.after,
      hold,
      landed: () => tally.landed(rule.name),
      delayed: tally.delayed,
      cut: (cutBy) => finish({ cutBy }),
      endWith: (trailers) => finish({ trailers }),
    });
    if (stage) scope.defer(one.onGone(() => stage.release()));
    return stage;
  };
  const first = touching.reduceRight<Flow>((next, one) => open(one, next) ?? next, last);
  if (first === last) return undefined;
  return {
    write: (bytes) => first.write(bytes),
    end: () => first.end(),
    abort() {
      ending ??= { cutBy: 'close' };
      first.end();
    },
  };
};
