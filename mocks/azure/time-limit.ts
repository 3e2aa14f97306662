/** The work took longer than it may. */
export class TimeLimitReached extends Error {
  override readonly name = 'TimeLimitReached';
}

/**
 * Waits for work up to a limit. The work itself goes on: a container that is busy stays so when its caller has been given up on.
 * @throws {TimeLimitReached}
 */
export const withTimeLimit = async <Result>(work: Promise<Result>, limitMs: number): Promise<Result> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeLimitReached(`took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
};
