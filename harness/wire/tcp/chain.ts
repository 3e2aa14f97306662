import type { Flow, Stage, StageContext, Stream, Toxic } from '../toxics/toxic.ts';

/** Bytes of one direction that toxics may hold before its sender is not read from, where no toxic's kind says more. */
const HOLDS_UP_TO = 256 * 1024;

/** What a chain needs of its connection. */
export interface ChainHost {
  /** Where bytes leave. */
  readonly sink: Flow;
  /** The sender is to be read from again, or not for now. */
  setHeldUp(isHeldUp: boolean): void;
  /** Draws for a toxic on this connection. */
  randomOf(toxic: Toxic): () => number;
  readonly tools: Pick<StageContext, 'after' | 'reset' | 'close'>;
  landed(toxic: Toxic): void;
  delayed(ms: number): void;
}

/** The toxics of one direction of a connection, one behind the other. */
export interface Chain extends Flow {
  /** Whether bytes go through untouched. */
  readonly isEmpty: boolean;
  /** Brings the stages in line with the proxy's toxics: those that are gone let go what they hold. @param isOlder the connection was there before them */
  apply(toxics: readonly Toxic[], isOlder: boolean): void;
  close(): void;
}

interface Link {
  readonly toxic: Toxic;
  readonly stage: Stage;
  next: Link | undefined;
}

export const createChain = (stream: Stream, host: ChainHost): Chain => {
  let first: Link | undefined;
  let links: Link[] = [];
  let held = 0;
  let limit = HOLDS_UP_TO;
  let isHeldUp = false;
  let isClosed = false;

  const weigh = () => {
    const isOver = held > limit;
    if (isOver === isHeldUp) return;
    isHeldUp = isOver;
    host.setHeldUp(isOver);
  };

  const openLink = (toxic: Toxic, isOlder: boolean, carried: unknown): Link | undefined => {
    const random = host.randomOf(toxic);
    if (!toxic.kind.open || random() >= toxic.toxicity) return undefined;
    const flow: Flow = {
      write(bytes) {
        if (isClosed) return;
        if (link.next) link.next.stage.write(bytes);
        else host.sink.write(bytes);
      },
      end() {
        if (isClosed) return;
        if (link.next) link.next.stage.end();
        else host.sink.end();
      },
    };
    const stage = toxic.kind.open(toxic.attributes, {
      ...host.tools,
      next: flow,
      isOlder,
      carried,
      random,
      hold(bytes) {
        held += bytes;
        weigh();
      },
      landed: () => host.landed(toxic),
      delayed: (ms) => host.delayed(ms),
    });
    const link: Link = { toxic, stage, next: undefined };
    return link;
  };

  return {
    get isEmpty() {
      return first === undefined;
    },
    write(bytes) {
      if (first) first.stage.write(bytes);
      else host.sink.write(bytes);
    },
    end() {
      if (first) first.stage.end();
      else host.sink.end();
    },
    apply(toxics, isOlder) {
      const wanted = toxics.filter((toxic) => toxic.stream === stream);
      const gone = links.filter(({ toxic }) => !wanted.includes(toxic));
      // Those that stay keep their stages; those that go are still in line while they let go, so that order holds.
      const carried = new Map(gone.map(({ toxic, stage }) => [toxic.name, stage.carry?.()]));
      for (const link of gone) link.stage.release();
      links = wanted.flatMap(
        (toxic) => links.find((link) => link.toxic === toxic) ?? openLink(toxic, isOlder, carried.get(toxic.name)) ?? [],
      );
      for (const [index, link] of links.entries()) link.next = links[index + 1];
      first = links[0];
      limit = Math.max(HOLDS_UP_TO, ...links.map(({ toxic }) => toxic.kind.holdsUpTo ?? 0));
      weigh();
    },
    close() {
      isClosed = true;
      for (const { stage } of links) stage.close?.();
    },
  };
};
