/** What must be undone when a run ends, whatever ends it. */
export interface CleanUp {
  /** Registers something to undo; done at once when the cleaning up has begun already. */
  defer(undo: () => Promise<void>): void;
  /** Nothing more is to be started. */
  readonly hasBegun: boolean;
  /** Undoes all side by side, and resolves when all is undone. One that fails keeps none of the others from theirs; then it throws. */
  run(): Promise<void>;
}

export const createCleanUp = (): CleanUp => {
  let hasBegun = false;
  const waiting: (() => Promise<void>)[] = [];
  const undone: Promise<void>[] = [];
  const begin = (undo: () => Promise<void>) => {
    const promise = undo();
    // Looked at in `run`: until then a failure is not unhandled.
    promise.catch(() => undefined);
    undone.push(promise);
  };

  return {
    get hasBegun() {
      return hasBegun;
    },
    defer: (undo) => void (hasBegun ? begin(undo) : waiting.push(undo)),
    async run() {
      hasBegun = true;
      for (const undo of waiting.splice(0)) begin(undo);
      const errors: unknown[] = [];
      // Grows while it is walked, when something is deferred late.
      for (const promise of undone) await promise.catch((error: unknown) => errors.push(error));
      if (errors.length > 0) throw new AggregateError(errors, 'The run could not be cleaned up.');
    },
  };
};
