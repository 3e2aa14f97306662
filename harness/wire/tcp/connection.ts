import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createRandom } from '../../random.ts';
import type { Flow, Stream, Toxic } from '../toxics/toxic.ts';
import type { Alarm, Alarms } from './alarms.ts';
import { type Chain, createChain } from './chain.ts';
import type { Meter } from './meter.ts';

/** One end of a connection: a socket, or a stream that stands for one. */
export type End = Duplex & { readonly resetAndDestroy?: Socket['resetAndDestroy'] };

/** A connection through a proxy: both ends, and the toxics between them. */
export interface Connection {
  /** Brings toxics that are new, changed or gone to bear on it. */
  apply(toxics: readonly Toxic[]): void;
  /** Cuts both ends with a reset (RST). */
  reset(): void;
  /** Closes both ends at once. */
  destroy(): void;
}

export interface ConnectionOptions {
  readonly caller: End;
  readonly upstream: End;
  readonly toxics: readonly Toxic[];
  readonly seed: number;
  /** Of the proxy's connections: draws follow from it. */
  readonly number: number;
  readonly alarms: Alarms;
  readonly meter: Meter;
  /** Both ends are closed. */
  readonly onClose: () => void;
}

const resetEnd = (end: End): void => {
  if (end.resetAndDestroy) end.resetAndDestroy();
  else end.destroy();
};

/** Joins two ends. Ends of streams travel by direction: one side may have said all, and still be told. */
export const createConnection = (options: ConnectionOptions): Connection => {
  const { caller, upstream, seed, number, alarms, meter, onClose } = options;
  const pending = new Set<Alarm>();
  let openEnds = 2;

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
    reset,
    close() {
      caller.end();
      upstream.end();
      // Whatever the two still have to say goes nowhere.
      for (const end of [caller, upstream]) end.resume();
      for (const end of [caller, upstream])
        if (end.writableFinished) end.destroy();
        else end.once('finish', () => end.destroy());
    },
  };

  const join = (stream: Stream, from: End, to: End): Chain => {
    let isHeldUp = false;
    let isFull = false;
    const flow = () => {
      if (isHeldUp || isFull) from.pause();
      else from.resume();
    };
    const sink: Flow = {
      write(bytes) {
        meter.sent[stream] += bytes.length;
        if (to.destroyed || to.writableEnded) return;
        if (!to.write(bytes) && !isFull) {
          isFull = true;
          flow();
        }
      },
      end: () => void to.end(),
    };
    const chain = createChain(stream, {
      sink,
      setHeldUp(isNow) {
        isHeldUp = isNow;
        flow();
      },
      randomOf: (toxic) => createRandom(seed, toxic.name, stream, String(number)),
      tools,
      landed: ({ name }) => void meter.landed.set(name, (meter.landed.get(name) ?? 0) + 1),
      delayed(ms) {
        meter.delayedMs += ms;
        meter.delays += 1;
      },
    });
    from.on('data', (bytes: Buffer) => {
      meter.received[stream] += bytes.length;
      chain.write(bytes);
    });
    from.on('end', () => chain.end());
    to.on('drain', () => {
      isFull = false;
      flow();
    });
    return chain;
  };

  const chains = [join('upstream', caller, upstream), join('downstream', upstream, caller)];
  const watch = (end: End, other: End) => {
    end.on('error', () => resetEnd(other));
    end.on('close', () => {
      openEnds -= 1;
      if (openEnds > 0) return;
      for (const alarm of pending) alarm.cancel();
      for (const chain of chains) chain.close();
      onClose();
    });
  };
  watch(caller, upstream);
  watch(upstream, caller);
  for (const chain of chains) chain.apply(options.toxics, false);

  return {
    apply(toxics) {
      for (const chain of chains) chain.apply(toxics, true);
    },
    reset,
    destroy() {
      caller.destroy();
      upstream.destroy();
    },
  };
};
