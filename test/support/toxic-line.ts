import { createEventHeap } from '../../harness/event-heap.ts';
import { createRandom } from '../../harness/random.ts';
import { createChain } from '../../harness/wire/tcp/chain.ts';
import { toxicKinds } from '../../harness/wire/toxics/index.ts';
import type { Toxic } from '../../harness/wire/toxics/toxic.ts';

/** A toxic of a kind, its attributes as a client writes them. */
export const toxicOf = (type: string, attributes: object = {}, rest: Partial<Omit<Toxic, 'kind' | 'attributes'>> = {}): Toxic => {
  const kind = toxicKinds.get(type)!;
  return { name: type, stream: 'downstream', toxicity: 1, ...rest, kind, attributes: kind.attributes.parse(attributes) };
};

export interface LineOptions {
  readonly toxics?: readonly Toxic[];
  readonly seed?: number;
  /** Which connection it is since the first toxics are there; 0 for one that was open before. */
  readonly ordinal?: number;
  /** By how much each alarm is late, milliseconds. */
  readonly lateMs?: () => number;
}

/** One direction of a connection through toxics, on a clock of its own that starts at 0 ms. */
export const createLine = ({ toxics = [], seed = 1, ordinal = 1, lateMs = () => 0 }: LineOptions = {}) => {
  const heap = createEventHeap();
  let nowMs = 0;
  let sequence = 0;
  let heldBytes = 0;
  let isHeldUp = false;
  let landed = 0;
  let delayedMs = 0;
  let endedAtMs: number | undefined;
  let finishedAtMs: number | undefined;
  let resetAtMs: number | undefined;
  let abortedAtMs: number | undefined;
  const writes: { readonly atMs: number; readonly bytes: Buffer }[] = [];
  const starts = new Map<string, number>();

  const close = () => {
    heap.clear();
    chain.close();
  };
  const chain = createChain('downstream', {
    sink: {
      write(bytes) {
        if (endedAtMs !== undefined) throw new Error('wrote after the end');
        writes.push({ atMs: nowMs, bytes });
      },
      end() {
        endedAtMs = nowMs;
      },
    },
    finish() {
      finishedAtMs ??= nowMs;
    },
    abort() {
      abortedAtMs = nowMs;
      close();
    },
    setHeldUp(isNow) {
      isHeldUp = isNow;
    },
    touchOf: ({ name }) => ({
      sinceMs: starts.get(name)!,
      ordinal: starts.get(name) === 0 ? ordinal : 0,
      random: createRandom(seed, name),
    }),
    tools: {
      now: () => nowMs,
      after(delayMs, run) {
        const event = { atMs: nowMs + Math.max(0, delayMs) + lateMs(), sequence: sequence++, run };
        heap.push(event);
        return {
          cancel() {
            Object.assign(event, { run: undefined });
          },
        };
      },
      reset() {
        resetAtMs ??= nowMs;
        close();
      },
    },
    landed() {
      landed += 1;
    },
    delayed(ms) {
      delayedMs += ms;
    },
  });

  const set = (next: readonly Toxic[]) => {
    for (const name of [...starts.keys()]) if (!next.some((toxic) => toxic.name === name)) starts.delete(name);
    for (const { name } of next) if (!starts.has(name)) starts.set(name, nowMs);
    chain.apply(
      next.map((toxic) => {
        const known = spied.get(toxic) ?? { ...toxic, kind: spyOn(toxic.kind) };
        spied.set(toxic, known);
        return known;
      }),
    );
  };
  /** Kinds and toxics stay the same objects, as a chain tells them apart by that. */
  const spied = new Map<Toxic, Toxic>();
  const kinds = new Map<Toxic['kind'], Toxic['kind']>();
  const spyOn = (kind: Toxic['kind']): Toxic['kind'] => {
    const { open } = kind;
    const spy: Toxic['kind'] = kinds.get(kind) ?? {
      ...kind,
      ...(open && {
        open: (attributes, context) =>
          open(attributes, {
            ...context,
            hold(bytes) {
              heldBytes += bytes;
              context.hold(bytes);
            },
          }),
      }),
    };
    kinds.set(kind, spy);
    return spy;
  };
  set(toxics);

  return {
    writes,
    write: (bytes: string | Buffer) => chain.write(Buffer.from(bytes)),
    end: () => chain.end(),
    abort: () => chain.abort(),
    /** The other direction of the connection has been closed by a toxic. */
    finish: () => chain.finish(),
    set,
    /** Lets so much time pass. */
    pass(ms: number) {
      const untilMs = nowMs + ms;
      for (let next = heap.peek(); next && next.atMs <= untilMs; next = heap.peek()) {
        heap.pop();
        nowMs = Math.max(nowMs, next.atMs);
        next.run!();
      }
      nowMs = untilMs;
    },
    /** What has come out, as text of Latin-1. */
    get text() {
      return Buffer.concat(writes.map(({ bytes }) => bytes)).toString('latin1');
    },
    get out() {
      return Buffer.concat(writes.map(({ bytes }) => bytes));
    },
    get isHeldUp() {
      return isHeldUp;
    },
    /** Balance of what stages have announced. */
    get heldBytes() {
      return heldBytes;
    },
    get landed() {
      return landed;
    },
    get delayedMs() {
      return delayedMs;
    },
    get endedAtMs() {
      return endedAtMs;
    },
    get finishedAtMs() {
      return finishedAtMs;
    },
    get resetAtMs() {
      return resetAtMs;
    },
    get abortedAtMs() {
      return abortedAtMs;
    },
    get pendingAlarms() {
      heap.sweep();
      return heap.size;
    },
  };
};

export type Line = ReturnType<typeof createLine>;
