import { arrivalTimes } from '../../harness/load/arrivals.ts';
import { createRandom } from '../../harness/random.ts';
import { createSimClock } from '../../harness/world/sim/clock.ts';
import { createFleet } from '../../mocks/inference/fleet.ts';
import { drawServiceTimeMs } from '../../mocks/inference/service-time.ts';
import type { QueueParameters, QueueRun } from './parameters.ts';

/** Runs work with another `Math.random`, as a simulating thread does for good. */
const withRandom = async <Result>(random: () => number, work: () => Promise<Result>): Promise<Result> => {
  const native = Math.random;
  Math.random = random;
  try {
    return await work();
  } finally {
    Math.random = native;
  }
};

/** The queue on the emulators' slots and the simulated world's clock alone: what the same code costs without gateway, network, HTTP and model. */
export const runSlots = (parameters: QueueParameters, seed: number): Promise<QueueRun> =>
  withRandom(createRandom(seed, 'service times'), async () => {
    const { ratePerS, durationMs, concurrency, queueLimit } = parameters;
    const startedAtMs = performance.now();
    const clock = createSimClock(setImmediate);
    const slots = createFleet({
      instances: 1,
      concurrency,
      queueLimit,
      startupMs: 0,
      announce: () => undefined,
      onCount: () => undefined,
    });
    const totals = { requests: 0, served: 0, throttled: 0, waitedMs: 0, busyMs: 0 };

    const request = async () => {
      totals.requests += 1;
      const arrivedMs = clock.now();
      try {
        await slots.run(() => {
          const serviceTimeMs = drawServiceTimeMs(parameters);
          totals.waitedMs += clock.now() - arrivedMs;
          totals.busyMs += serviceTimeMs;
          return new Promise<void>((resolve) => void clock.after(serviceTimeMs, resolve));
        });
        totals.served += 1;
      } catch {
        totals.throttled += 1;
      }
    };

    const stages = [{ forMs: durationMs, fromPerS: ratePerS, toPerS: ratePerS }];
    const arrivals = arrivalTimes({ type: 'open', arrivals: 'poisson', stages }, { warmupMs: 0, durationMs }, seed);
    const arriveNext = () => {
      const next = arrivals.next();
      if (next.done) return;
      clock.at(next.value, () => {
        void request();
        arriveNext();
      });
    };
    arriveNext();
    await clock.run(() => false);
    return {
      requests: totals.requests,
      throttled: totals.throttled,
      utilisation: totals.busyMs / (concurrency * clock.now()),
      meanWaitMs: totals.waitedMs / totals.served,
      tookMs: performance.now() - startedAtMs,
    };
  });
