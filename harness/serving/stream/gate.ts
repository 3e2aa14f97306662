/** Lets in so many at a time, the others in their order. @param limit at least 1 */
export const createGate = (limit: number) => {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async <Result>(task: () => Promise<Result>): Promise<Result> => {
    if (inside >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // A place passes straight to who waits: `inside` does not change.
      if (next) next();
      else inside -= 1;
    }
  };
};
