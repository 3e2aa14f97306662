/** The work took longer than it may. */
export class TimeLimitReached extends Error {
  override readonly name = 'TimeLimitReached';
}

/**
 * Waits for work up to a limit. The work itself goes on: a container that is busy stays so when its caller has been given up on.
 * @throws {TimeLimitReached}
 */
export const withTimeLimit = <Result>(work: Promise<Result>, limitMs: number): Promise<Result> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TimeLimitReached(`took longer than ${limitMs} ms`)), limitMs);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
