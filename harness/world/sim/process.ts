import { AsyncLocalStorage } from 'node:async_hooks';
import type { SimClock } from './clock.ts';

/**
 * A simulated process that can stand still, as one that got SIGSTOP. The clocks that it reads go on. What becomes due meanwhile waits, and comes when it
 * goes on, in the order in which a process of Node sees it: timers, then what its connections hold.
 */
export interface SimProcess {
  readonly isPaused: boolean;
  /** Runs code of the process: timers that it sets and calls that it makes are the process's. */
  run<Result>(code: () => Result): Result;
  /** As `run`, for what comes from outside; waits while the process stands still. */
  enter<Result>(code: () => Promise<Result>): Promise<Result>;
  /** The outcome of a call, once the process can see it. @param signal where it is aborted by then, that is the outcome */
  seen<Result>(call: Promise<Result>, signal: AbortSignal | null | undefined): Promise<Result>;
  /** Keeps a timer that is due until the process goes on. */
  holdTimer(goOn: () => void): void;
  pause(): void;
  resume(): void;
  /** It is dead: what waits never comes. */
  end(): void;
}

const running = new AsyncLocalStorage<SimProcess>();

/** Whose code this is; undefined for all that cannot stand still. */
export const currentProcess = (): SimProcess | undefined => running.getStore();

export const createSimProcess = (clock: Pick<SimClock, 'after'>): SimProcess => {
  let isPaused = false;
  let timers: (() => void)[] = [];
  let others: (() => void)[] = [];

  const whenGoing = (act: () => void): void => {
    if (isPaused) others.push(() => whenGoing(act));
    else act();
  };

  const process: SimProcess = {
    get isPaused() {
      return isPaused;
    },
    run: (code) => running.run(process, code),
    enter: <Result>(code: () => Promise<Result>) =>
      isPaused ? new Promise<Result>((resolve) => whenGoing(() => resolve(process.run(code)))) : process.run(code),
    seen: (call, signal) =>
      new Promise((resolve, reject) => {
        call.then(
          (value) => whenGoing(() => (signal?.aborted ? reject(signal.reason) : resolve(value))),
          (error) => whenGoing(() => reject(error)),
        );
      }),
    holdTimer: (goOn) => void timers.push(goOn),
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      const due = [...timers, ...others];
      timers = [];
      others = [];
      // One event each: what the first sets going comes to rest before the next.
      for (const goOn of due) clock.after(0, goOn);
    },
    end() {
      isPaused = false;
      timers = [];
      others = [];
    },
  };
  return process;
};

/** `fetch` whose answers reach a process that stands still no sooner than it goes on. */
export const fetchByProcess =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  (input, init) => {
    const answer = fetch(input, init);
    const process = currentProcess();
    if (!process) return answer;
    return process.seen(answer, init?.signal ?? (input instanceof Request ? input.signal : undefined));
  };
