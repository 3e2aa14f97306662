import { createRequire, syncBuiltinESMExports } from 'node:module';

/** Simulated code has reached past the virtual world: what it did there is real, and not repeatable. */
export class SimEscape extends Error {
  override readonly name = 'SimEscape';
  /** What was called, e.g. `node:net connect`. */
  readonly what: string;

  constructor(what: string) {
    super(
      `${what} reaches outside the simulated world; in sim a request may be served with fetch, timers, Date, performance, crypto and streams only`,
    );
    this.what = what;
  }
}

/** What is guarded: functions of built-in modules that do I/O, or that settle from Node's thread pool. */
const GUARDED: Readonly<Record<string, readonly string[] | 'functions'>> = {
  net: ['connect', 'createConnection', 'createServer'],
  tls: ['connect', 'createServer'],
  http: ['request', 'get', 'createServer'],
  https: ['request', 'get', 'createServer'],
  http2: ['connect', 'createServer', 'createSecureServer'],
  dgram: ['createSocket'],
  dns: 'functions',
  'dns/promises': 'functions',
  fs: 'functions',
  'fs/promises': 'functions',
  child_process: 'functions',
  cluster: ['fork'],
  worker_threads: ['Worker', 'MessageChannel', 'BroadcastChannel'],
  zlib: ['gzip', 'gunzip', 'deflate', 'inflate', 'deflateRaw', 'inflateRaw', 'unzip', 'brotliCompress', 'brotliDecompress'],
  crypto: ['pbkdf2', 'scrypt', 'hkdf', 'generateKeyPair', 'generateKey', 'generatePrime', 'checkPrime'],
};

/** Sockets are made in other ways than by the functions above. */
const GUARDED_METHODS: readonly (readonly [module: string, type: string, method: string])[] = [
  ['net', 'Socket', 'connect'],
  ['net', 'Server', 'listen'],
];

/** What ends this process or another. */
const GUARDED_OF_PROCESS = ['exit', 'reallyExit', 'abort', 'kill'];

/** Globals that reach another thread, process or machine. */
const GUARDED_GLOBALS = [
  'WebSocket',
  'EventSource',
  'BroadcastChannel',
  'MessageChannel',
  'CompressionStream',
  'DecompressionStream',
];

/** Node's loader reads files by the public functions. */
const isLoader = (): boolean => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = STACK_DEPTH;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack.includes('node:internal/modules/');
};
const STACK_DEPTH = 30;

export interface EscapeGuard {
  /** Guards while simulated code runs. @param onEscape hears of each; the call itself throws the error */
  arm(onEscape: (error: SimEscape) => void): void;
  disarm(): void;
}

const define = (target: object, name: string, value: unknown) =>
  void Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: true });

/** Puts the guards up, for good; they do nothing until armed. */
export const installEscapeGuard = (): EscapeGuard => {
  const require = createRequire(import.meta.url);
  let onEscape: ((error: SimEscape) => void) | undefined;

  const guard = (what: string, original: (...args: unknown[]) => unknown) => {
    function guarded(this: unknown, ...args: unknown[]): unknown {
      if (onEscape && !isLoader()) {
        const error = new SimEscape(what);
        onEscape(error);
        throw error;
      }
      return new.target ? Reflect.construct(original, args, new.target) : Reflect.apply(original, this, args);
    }
    Object.defineProperty(guarded, 'prototype', { value: original.prototype });
    // Functions bear properties of their own, such as the promisified form.
    return Object.defineProperties(guarded, Object.getOwnPropertyDescriptors(original));
  };

  for (const [module, names] of Object.entries(GUARDED)) {
    const exports = require(`node:${module}`) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exports)) {
      const isGuarded = names === 'functions' ? !/^[A-Z_]/.test(name) : names.includes(name);
      if (isGuarded && typeof value === 'function') define(exports, name, guard(`node:${module} ${name}`, value as never));
    }
  }
  for (const [module, type, method] of GUARDED_METHODS) {
    const { prototype } = (require(`node:${module}`) as Record<string, { prototype: Record<string, unknown> }>)[type]!;
    define(prototype, method, guard(`node:${module} ${type}.${method}`, prototype[method] as never));
  }
  for (const name of GUARDED_OF_PROCESS) {
    const original = (process as unknown as Record<string, unknown>)[name];
    if (typeof original === 'function') define(process, name, guard(`process.${name}`, original as never));
  }
  for (const name of GUARDED_GLOBALS) {
    const original = (globalThis as Record<string, unknown>)[name];
    if (typeof original === 'function') define(globalThis, name, guard(name, original as never));
  }
  syncBuiltinESMExports();

  return {
    arm(listener) {
      onEscape = listener;
    },
    disarm() {
      onEscape = undefined;
    },
  };
};
