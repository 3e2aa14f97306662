import type { Flow, Stage, StageContext, Stream, Toxic } from '../toxics/toxic.ts';

/** Bytes of one direction that toxics may hold before its sender is not read from, where no toxic's kind says more. */
const HOLDS_UP_TO = 256 * 1024;

/** What a toxic's being there means to one connection. */
export type Touch = Pick<StageContext, 'sinceMs' | 'ordinal' | 'random'>;

/** What a chain needs of its connection. */
export interface ChainHost {
  /** Where bytes leave. */
  readonly sink: Flow;
  /** A toxic has ended this direction, and the end has come through: the connection is to be closed. */
  finish(): void;
  /** The sender is to be read from again, or not for now. */
  setHeldUp(isHeldUp: boolean): void;
  /** The receiver is to see a reset. */
  abort(): void;
  touchOf(toxic: Toxic): Touch;
  readonly tools: Pick<StageContext, 'now' | 'after' | 'reset'>;
  landed(toxic: Toxic): void;
  delayed(ms: number): void;
}

/** The toxics of one direction of a connection, one behind the other. */
export interface Chain extends Flow {
  /** Whether bytes go through untouched. */
  readonly isEmpty: boolean;
  /** Brings the stages in line with the proxy's toxics: those that are gone let go what they hold. */
  apply(toxics: readonly Toxic[]): void;
  /** Ends the direction, unless it has ended, and finishes when the end has come through. */
  finish(): void;
  /** The sender has cut the connection. */
  abort(): void;
  close(): void;
}

interface Link {
  readonly toxic: Toxic;
  readonly stage: Stage;
  /** Where it stands: before the next link, or the sink. */
  readonly place: { next: Link | undefined };
}

export const createChain = (stream: Stream, host: ChainHost): Chain => {
  let first: Link | undefined;
  let links: Link[] = [];
  let held = 0;
  let limit = HOLDS_UP_TO;
  let isHeldUp = false;
  let isClosed = false;
  /** The end has gone in, has come out; is to close the connection when it comes out. */
  let hasEnded = false;
  let isThrough = false;
  let isFinishing = false;

  const weigh = () => {
    const isOver = held > limit;
    if (isOver === isHeldUp) return;
    isHeldUp = isOver;
    host.setHeldUp(isOver);
  };

  const endSink = () => {
    if (isThrough) return;
    isThrough = true;
    host.sink.end();
    if (isFinishing) host.finish();
  };
  const writeTo = (link: Link | undefined, bytes: Buffer) => {
    if (link) link.stage.write(bytes);
    else host.sink.write(bytes);
  };
  const endAt = (link: Link | undefined) => {
    if (link) link.stage.end();
    else endSink();
  };

  /** @param before the stage of the toxic's earlier attributes, if it had one */
  const openLink = (toxic: Toxic, before: Link | undefined): Link | undefined => {
    const touch = host.touchOf(toxic);
    if (!toxic.kind.open || touch.random() >= toxic.toxicity) return undefined;
    const place = { next: before?.place.next };
    const flow: Flow = {
      write(bytes) {
        if (!isClosed) writeTo(place.next, bytes);
      },
      end() {
        if (!isClosed) endAt(place.next);
      },
    };
    const stage = toxic.kind.open(toxic.attributes, {
      ...host.tools,
      ...touch,
      next: flow,
      isOlder: touch.ordinal < 1,
      carried: before?.stage.carry?.(),
      hold(bytes) {
        held += bytes;
        weigh();
      },
      landed: () => host.landed(toxic),
      delayed: (ms) => host.delayed(ms),
      close() {
        isFinishing = true;
        hasEnded = true;
        if (isThrough) host.finish();
        else flow.end();
      },
    });
    return stage && { toxic, stage, place };
  };

  return {
    get isEmpty() {
      return first === undefined;
    },
    write(bytes) {
      if (!hasEnded) writeTo(first, bytes);
    },
    end() {
      if (hasEnded) return;
      hasEnded = true;
      endAt(first);
    },
    apply(toxics) {
      const wanted = toxics.filter((toxic) => toxic.stream === stream || toxic.kind.isBothWays);
      const successors = new Map<Toxic, Link | undefined>();
      // From the first to the last, and each while it is still in line: what one lets go is before what comes after it.
      for (const gone of links.filter(({ toxic }) => !wanted.includes(toxic))) {
        const same = wanted.find(({ name, kind }) => name === gone.toxic.name && kind === gone.toxic.kind);
        const successor = same && openLink(same, gone);
        if (same) successors.set(same, successor);
        if (successor) gone.place.next = successor;
        gone.stage.release(successor ? 'updated' : 'removed');
      }
      links = wanted.flatMap(
        (toxic) =>
          (successors.has(toxic)
            ? successors.get(toxic)
            : (links.find((link) => link.toxic === toxic) ?? openLink(toxic, undefined))) ?? [],
      );
      for (const [index, link] of links.entries()) link.place.next = links[index + 1];
      first = links[0];
      limit = Math.max(HOLDS_UP_TO, ...links.map(({ toxic }) => toxic.kind.holdsUpTo ?? 0));
      weigh();
    },
    finish() {
      if (isFinishing) return;
      isFinishing = true;
      if (isThrough) host.finish();
      else if (!hasEnded) {
        hasEnded = true;
        endAt(first);
      }
    },
    abort() {
      const deaf = links.find(({ stage }) => stage.abort);
      if (deaf) deaf.stage.abort!();
      else host.abort();
    },
    close() {
      isClosed = true;
      for (const { stage } of links) stage.close?.();
    },
  };
};
