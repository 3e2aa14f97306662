import type { Flow, Stream, Toxic } from '../toxics/toxic.ts';
import type { Alarm, Alarms } from './alarms.ts';
import { type Chain, createChain, type Touch } from './chain.ts';
import { closeEnd, type End, endAfterWrites, resetEnd } from './end.ts';
import { isWrittenAtOnce } from './fast-reads.ts';
import type { Meter } from './meter.ts';

export type { End } from './end.ts';

/** A connection through a proxy: both ends, and the toxics between them. */
export interface Connection {
  /** Brings toxics that are new, changed or gone to bear on it. */
  apply(toxics: readonly Toxic[]): void;
  /** Cuts both ends with a reset (RST). */
  reset(): void;
  /** Closes both ends at once. Resolves when they are closed. */
  destroy(): Promise<void>;
}

export interface ConnectionOptions {
  readonly caller: End;
  readonly upstream: End;
  readonly toxics: readonly Toxic[];
  /** What a toxic's being there means to this connection; its draws are for one direction. */
  readonly touchOf: (toxic: Toxic, stream: Stream) => Touch;
  readonly alarms: Alarms;
  readonly meter: Meter;
  /** Both ends are closed. */
  readonly onClose: () => void;
}

/** Joins two ends. Ends of streams travel by direction: one side may have said all, and still be told. */
export const createConnection = (options: ConnectionOptions): Connection => {
  const { caller, upstream, touchOf, alarms, meter, onClose } = options;
  const pending = new Set<Alarm>();
  let openEnds = 2;
  let whenClosed: PromiseWithResolvers<void> | undefined;

  const reset = () => {
    resetEnd(caller);
    resetEnd(upstream);
  };
  const tools = {
    after(delayMs: number, call: () => void): Alarm {
      const alarm = alarms.after(delayMs, () => {
        pending.delete(cancellable);
        call();
      });
      const cancellable: Alarm = {
        cancel() {
          pending.delete(cancellable);
          alarm.cancel();
        },
      };
      pending.add(cancellable);
      return cancellable;
    },
    now: () => performance.now(),
    reset,
  };
  /** Ends that a toxic has closed: what they still have to say goes nowhere. */
  const draining = new Set<End>();

  const join = (stream: Stream, from: End, to: End): Chain => {
    let isHeldUp = false;
    let isFull = false;
    let hasEnded = false;
    const flow = () => {
      if ((isHeldUp || isFull) && !draining.has(from)) from.pause();
      else from.resume();
    };
    const sink: Flow = {
      write(bytes) {
        if (hasEnded || to.destroyed || to.writableEnded) return;
        meter.sent[stream] += bytes.length;
        if (!to.write(bytes) && !isFull) {
          isFull = true;
          flow();
        }
      },
      end() {
        hasEnded = true;
        endAfterWrites(to);
      },
    };
    const chain = createChain(stream, {
      sink,
      finish() {
        if (draining.has(to)) return;
        draining.add(to);
        closeEnd(to);
        chains[stream === 'upstream' ? 'downstream' : 'upstream'].finish();
      },
      abort: () => resetEnd(to),
      setHeldUp(isNow) {
        isHeldUp = isNow;
        flow();
      },
      // A toxic of both ways touches a connection both ways or not at all.
      touchOf: (toxic) => touchOf(toxic, toxic.kind.isBothWays ? toxic.stream : stream),
      tools,
      landed: ({ name }) => void meter.landed.set(name, (meter.landed.get(name) ?? 0) + 1),
      delayed(ms) {
        meter.delayedMs += ms;
        meter.delays += 1;
      },
    });
    const isAtOnce = isWrittenAtOnce(to);
    const take = (bytes: Buffer): boolean => {
      meter.received[stream] += bytes.length;
      if (chain.isEmpty) {
        sink.write(bytes);
        return !isAtOnce || to.writableLength > 0;
      }
      // Toxics may keep it for long: what they keep is then as large as it says.
      chain.write(Buffer.from(bytes));
      return false;
    };
    if (from.readInto) from.readInto(take);
    else from.on('data', take);
    // Accepted sockets are paused, and one without 'data' listeners would not come to its end.
    from.resume();
    from.on('end', () => {
      // There is no one left to be told, which only a toxic that swallowed the other's end can bring about.
      if (to.destroyed) from.destroy();
      else chain.end();
    });
    to.on('drain', () => {
      isFull = false;
      flow();
    });
    return chain;
  };

  const chains = { upstream: join('upstream', caller, upstream), downstream: join('downstream', upstream, caller) };
  let isConnected = !upstream.connecting;
  if (!isConnected)
    upstream.once('connect', () => {
      isConnected = true;
    });
  const closeBoth = () => {
    for (const end of [caller, upstream]) {
      draining.add(end);
      closeEnd(end);
    }
  };
  const watch = (end: End, chain: Chain) => {
    end.on('error', ({ code }: NodeJS.ErrnoException) => {
      // An upstream that accepts and resets at once has reset before Node knows that it is connected.
      if (isConnected || code === 'ECONNRESET') chain.abort();
      else {
        // As behind Toxiproxy, the caller of an upstream that isn't there sees an end, not a reset.
        if (end === upstream) meter.failedConnections += 1;
        closeBoth();
      }
    });
    end.on('close', () => {
      openEnds -= 1;
      if (openEnds > 0) return;
      for (const alarm of pending) alarm.cancel();
      chains.upstream.close();
      chains.downstream.close();
      onClose();
      whenClosed?.resolve();
    });
  };
  watch(caller, chains.upstream);
  watch(upstream, chains.downstream);
  const apply = (toxics: readonly Toxic[]) => {
    chains.upstream.apply(toxics);
    chains.downstream.apply(toxics);
  };
  apply(options.toxics);

  return {
    apply,
    reset,
    destroy() {
      caller.destroy();
      upstream.destroy();
      if (openEnds === 0) return Promise.resolve();
      whenClosed ??= Promise.withResolvers();
      return whenClosed.promise;
    },
  };
};
