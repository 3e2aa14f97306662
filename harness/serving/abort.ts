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
 * A scope within another. AbortSignal.any and AbortSignal.timeout would do, but their listeners and timers cannot be let go of: a gateway
 * makes some for every attempt.
 * @param parent ends the scope, with its own reason
 */
export const openScope = (parent: AbortSignal, limit?: ScopeLimit): Scope => {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const onParentEnd = () => abort(parent.reason);
  const close = () => {
    clearTimeout(timer);
    parent.removeEventListener('abort', onParentEnd);
  };
  const abort = (reason: unknown) => {
    close();
    controller.abort(reason);
  };

  if (parent.aborted) {
    controller.abort(parent.reason);
  } else {
    parent.addEventListener('abort', onParentEnd);
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
    work.then(
      (result) => {
        signal.removeEventListener('abort', onAbort);
        resolve(result);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
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
