const drain = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    // Also called with an error: a reader that has gone reads no more.
    stream.write('', () => resolve());
    if (stream.destroyed || stream.writableEnded) resolve();
  });

/**
 * Ends the process when all that it printed is written. It does not wait for the event loop to run dry: a socket that is still being
 * closed is the system's business, and Node's own tear-down of one can spin for ever on a busy machine.
 */
export const endProcess = async (exitCode: number): Promise<never> => {
  await Promise.all([drain(process.stdout), drain(process.stderr)]);
  process.exit(exitCode);
};
