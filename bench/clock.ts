import FakeTimers from '@sinonjs/fake-timers';
import { createSimClock } from '../harness/world/sim/clock.ts';

/**
 * Which clock the simulated world should have: its own heap, or @sinonjs/fake-timers. The load is a server's: timers that start others, with
 * an `await` between, each beside a time-out of two seconds that is cancelled as the timer fires, as a request's deadline is.
 *
 *     npx node bench/clock.ts
 */
const CHAINS = 50;
const EVENTS = 100_000;
const TIMEOUT_MS = 2000;

interface Timers {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: never): void;
}

/** Chains of timers, each with a deadline beside it. @returns whether all events are done */
const startChains = (timers: Timers): (() => boolean) => {
  let events = 0;
  const chain = async (index: number) => {
    for (let turn = 0; events < EVENTS; turn += 1) {
      events += 1;
      const deadline = timers.setTimeout(() => undefined, TIMEOUT_MS);
      await new Promise<void>((resolve) => void timers.setTimeout(resolve, 1 + ((index * 7 + turn * 13) % 40)));
      timers.clearTimeout(deadline as never);
    }
  };
  for (let index = 0; index < CHAINS; index += 1) void chain(index);
  return () => events >= EVENTS;
};

const measure = async (name: string, work: () => Promise<unknown>): Promise<void> => {
  const startedAtMs = performance.now();
  await work();
  const tookMs = performance.now() - startedAtMs;
  console.log(
    `${name.padEnd(32)} ${tookMs.toFixed(0).padStart(7)} ms ${((tookMs / EVENTS) * 1000).toFixed(2).padStart(8)} us an event`,
  );
};

const ownClock = async () => {
  const clock = createSimClock(setImmediate);
  const isDone = startChains({
    setTimeout: (run, ms) => clock.after(ms, run),
    clearTimeout: (event: never) => clock.cancel(event),
  });
  await clock.run(isDone);
};

const fakeTimers = async () => {
  const clock = FakeTimers.createClock(0, 10_000_000);
  const isDone = startChains({ setTimeout: clock.setTimeout, clearTimeout: (timer: never) => clock.clearTimeout(timer) });
  while (!isDone()) await clock.nextAsync();
};

console.log(`${EVENTS.toLocaleString('en')} events, each with a cancelled time-out beside it; Node ${process.version}`);
for (const round of [1, 2]) {
  await measure(`own heap, round ${round}`, ownClock);
  await measure(`@sinonjs/fake-timers, round ${round}`, fakeTimers);
}
