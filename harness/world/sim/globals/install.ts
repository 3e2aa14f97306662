import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { createRandom } from '../../../random.ts';
import { LightHeaders } from '../../fetch/headers.ts';
import { LightRequest } from '../../fetch/request.ts';
import { LightResponse } from '../../fetch/response.ts';
import { EPOCH_MS, type SimClock } from '../clock.ts';
import { createAbortTimeout, SimAbortController, SimAbortSignal } from './abort.ts';
import { createSimCrypto } from './crypto.ts';
import { createSimDate } from './date.ts';
import { installBlobs } from './real-work.ts';
import { RSA_KEYS } from './rsa-keys.ts';
import { createSimTimers, type SimTimers } from './timers.ts';

/** The virtual globals of a thread. */
export interface SimGlobals {
  /** Begins a run's chance anew. */
  seed(seed: number): void;
  /** What `fetch` does from now on. */
  setFetch(fetch: typeof globalThis.fetch): void;
}

type Draw = () => number;

/**
 * Makes the globals of this thread virtual, for good, and what Node's modules offer beside them. To be called before anything is imported
 * that keeps a global for itself.
 * @param keepsContext whether timers keep the asynchronous context (AsyncLocalStorage) of who set them
 */
export const installGlobals = (clock: SimClock, keepsContext: boolean): SimGlobals => {
  const require = createRequire(import.meta.url);
  let draws: { readonly math: Draw; readonly crypto: Draw } = drawsOf(0);
  let keys = 0;
  let fetch: typeof globalThis.fetch = async () => {
    throw new TypeError('fetch failed', { cause: new Error('no run is under way') });
  };

  const timers = createSimTimers(clock, keepsContext ? (callback) => AsyncLocalStorage.bind(callback) : (callback) => callback);
  const crypto = createSimCrypto(
    () => draws.crypto(),
    () => keys++,
  );
  const nowMs = () => EPOCH_MS + clock.now();
  const SimDate = createSimDate(Date, nowMs);
  // For code that has kept the native constructor.
  Date.now = SimDate.now;

  Object.assign(Math, { random: () => draws.math() });
  define(globalThis, {
    setTimeout: timers.setTimeout,
    setInterval: timers.setInterval,
    setImmediate: timers.setImmediate,
    clearTimeout: timers.clear,
    clearInterval: timers.clear,
    clearImmediate: timers.clear,
    AbortController: SimAbortController,
    AbortSignal: SimAbortSignal,
    Date: SimDate,
    Headers: LightHeaders,
    Request: LightRequest,
    Response: LightResponse,
    fetch: (...args: Parameters<typeof fetch>) => fetch(...args),
  });
  // The native object itself: `node:crypto` hands it out too, as `webcrypto`.
  define(globalThis.crypto, { ...crypto });
  define(performance, { now: () => clock.now(), timeOrigin: EPOCH_MS });
  define(SimAbortSignal, { timeout: createAbortTimeout(timers) });
  define(process, { hrtime: createHrtime(clock), uptime: () => clock.now() / 1000 });
  installBlobs(clock);
  patchModules(require, timers, crypto);
  syncBuiltinESMExports();

  return {
    seed(seed) {
      draws = drawsOf(seed);
      keys = Math.floor(draws.crypto() * RSA_KEYS);
    },
    setFetch(next) {
      fetch = next;
    },
  };
};

const drawsOf = (seed: number) => ({ math: createRandom(seed, 'math'), crypto: createRandom(seed, 'crypto') });

const define = (target: object, values: Readonly<Record<string, unknown>>) => {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: true });
  }
};

const NS_PER_MS = 1e6;

const createHrtime = (clock: SimClock) => {
  const bigint = () => BigInt(Math.round(clock.now() * NS_PER_MS));
  const hrtime = (before?: readonly [number, number]): [number, number] => {
    const ns = bigint() - (before ? BigInt(before[0]) * 1_000_000_000n + BigInt(before[1]) : 0n);
    return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
  };
  return Object.assign(hrtime, { bigint });
};

/** `node:timers/promises` over the virtual timers. */
const timerPromises = (timers: SimTimers) => {
  const wait = <Value>(ms?: number, value?: Value, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Value> =>
    new Promise((resolve, reject) => {
      const abortError = () =>
        Object.assign(new Error('The operation was aborted', { cause: signal!.reason }), {
          name: 'AbortError',
          code: 'ABORT_ERR',
        });
      if (signal?.aborted) return reject(abortError());
      const onAbort = () => {
        timers.clear(timer);
        reject(abortError());
      };
      const timer = timers.setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve(value as Value);
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  async function* every<Value>(ms?: number, value?: Value, options: { readonly signal?: AbortSignal } = {}) {
    for (;;) yield await wait(ms, value, options);
  }
  return {
    setTimeout: wait,
    setInterval: every,
    setImmediate: <Value>(value?: Value) => new Promise<Value>((resolve) => timers.setImmediate(() => resolve(value as Value))),
    scheduler: {
      wait: (ms: number, options?: { readonly signal?: AbortSignal }) => wait(ms, undefined, options),
      yield: () => new Promise<void>((resolve) => timers.setImmediate(() => resolve())),
    },
  };
};

const patchModules = (require: NodeJS.Require, timers: SimTimers, crypto: ReturnType<typeof createSimCrypto>) => {
  const promises = timerPromises(timers);
  const callables = {
    setTimeout: Object.assign(timers.setTimeout, { [promisified]: promises.setTimeout }),
    setInterval: timers.setInterval,
    setImmediate: Object.assign(timers.setImmediate, { [promisified]: promises.setImmediate }),
    clearTimeout: timers.clear,
    clearInterval: timers.clear,
    clearImmediate: timers.clear,
  };
  Object.assign(require('node:timers'), callables);
  Object.assign(require('node:timers/promises'), promises);

  const randomBytes = (length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    return bytes;
  };
  const giving =
    <Args extends unknown[], Value>(make: (...args: Args) => Value) =>
    (...args: unknown[]): Value | undefined => {
      const callback = args.at(-1);
      if (typeof callback !== 'function') return make(...(args as Args));
      const value = make(...(args.slice(0, -1) as Args));
      process.nextTick(callback as (error: null, value: Value) => void, null, value);
      return undefined;
    };
  const randomInt = (low: number, high?: number): number => {
    const [min, max] = high === undefined ? [0, low] : [low, high];
    const [word] = crypto.getRandomValues(new Uint32Array(1));
    return min + Math.floor((word! / 2 ** 32) * (max - min));
  };
  define(require('node:crypto'), {
    randomBytes: giving(randomBytes),
    pseudoRandomBytes: giving(randomBytes),
    randomInt: giving(randomInt),
    randomUUID: () => crypto.randomUUID(),
    randomFillSync: <View extends ArrayBufferView>(view: View) => crypto.getRandomValues(view),
    randomFill: giving(<View extends ArrayBufferView>(view: View) => crypto.getRandomValues(view)),
  });
};

/** `util.promisify` of a function that has a form of its own. */
const promisified = Symbol.for('nodejs.util.promisify.custom');
