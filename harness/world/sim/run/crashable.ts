/** What the code of a simulated process reaches beyond itself with: after a crash nothing goes out, and nothing comes back. */
export interface Crash {
  /** From now on everything that went through it is dead. */
  crash(): void;
  /** A function whose promise never settles once the process is dead. */
  wrap<Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>): (...args: Args) => Promise<Result>;
  /** An object whose methods are wrapped; those that give no promise throw once the process is dead. */
  wrapAll<Type extends object>(target: Type): Type;
}

/** Thrown at code of a dead process that is still running: it ends there. */
class ProcessIsDead extends Error {
  override readonly name = 'ProcessIsDead';
}

const never = <Result>(): Promise<Result> => new Promise(() => undefined);

/** Code cannot be stopped from outside; it can be cut off from all that it could do. */
export const createCrash = (): Crash => {
  let isDead = false;

  const cut = <Result>(promise: Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      promise.then(
        (value) => {
          if (!isDead) resolve(value);
        },
        (error: unknown) => {
          if (!isDead) reject(error);
        },
      );
    });

  return {
    crash() {
      isDead = true;
    },
    wrap:
      (call) =>
      (...args) =>
        isDead ? never() : cut(call(...args)),
    wrapAll: <Type extends object>(target: Type): Type =>
      new Proxy(target, {
        get(object, key) {
          const value: unknown = Reflect.get(object, key, object);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            if (isDead) throw new ProcessIsDead('the process was killed');
            const result: unknown = value.apply(object, args);
            return result instanceof Promise ? cut(result) : result;
          };
        },
      }),
  };
};
