/** A stretch of work that ends with whatever it is part of, or earlier. */
export interface Scope {
  readonly signal: AbortSignal;
  /** Ends the work with a reason. */
  abort(reason: unknown): void;
  /** Lets go of timer and listeners; to be called when the work is over, however it went. */
  close(): void;
}

/** When a scope ends by itself. */
export interface ScopeLimit {
  readonly ms: number;
  readonly reason: () => unknown;
}

/**
 * A scope within others. AbortSignal.any and AbortSignal.timeout would do, but their listeners and timers cannot be let go of:
 * a gateway makes some for every attempt.
 * @param parents signals that end the scope, with their own reason
 */
export const openScope = (parents: readonly AbortSignal[], limit?: ScopeLimit): Scope => {
  const controller = new AbortController();
  const listeners = parents.map((parent) => ({ parent, listener: () => abort(parent.reason) }));
  let timer: ReturnType<typeof setTimeout> | undefined;

  const close = () => {
    clearTimeout(timer);
    for (const { parent, listener } of listeners) parent.removeEventListener('abort', listener);
  };
  const abort = (reason: unknown) => {
    close();
    controller.abort(reason);
  };

  const ended = parents.find((parent) => parent.aborted);
  if (ended) {
    controller.abort(ended.reason);
  } else {
    for (const { parent, listener } of listeners) parent.addEventListener('abort', listener);
    if (limit) timer = setTimeout(() => abort(limit.reason()), Math.max(0, limit.ms));
  }
  return { signal: controller.signal, abort, close };
};

/** The work's result, unless the signal aborts first: then its reason is thrown, and the work's end is nobody's concern. */
export const untilAborted = <Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> =>
  new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });

/** Waits. Rejects with the signal's reason when it aborts, and leaves no timer then. */
export const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const slept = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await untilAborted(slept, signal);
  } finally {
    clearTimeout(timer);
  }
};
