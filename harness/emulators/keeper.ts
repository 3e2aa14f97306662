import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { entryBeside } from '../entry.ts';
import { SquallError } from '../errors.ts';
import type { FromKeeper, ToKeeper } from './protocol.ts';
import type { Description, UpOptions } from './up.ts';

/** Starting takes a few seconds on an idle machine: Node.js, the model's runtime, key pairs. */
const READY_WITHIN_MS = 60_000;

/**
 * Puts the emulators up in a process of their own, in a session of its own: it stays when this one, and its terminal, end.
 * @throws {SquallError} what `putUp` throws; `EMULATOR_FAILED` when the process ends before they are up, or takes too long
 */
export const putUpDetached = async (options: UpOptions): Promise<Description> => {
  const keeper = fork(fileURLToPath(entryBeside('./keeper-main', import.meta.url)), [], {
    cwd: '/',
    detached: true,
    execArgv: [],
    // No stream is shared with this process: who reads its output to the end would wait for the keeper's.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Description>();
  const timer = setTimeout(
    () => reject(new SquallError('EMULATOR_FAILED', `The emulators were not up within ${READY_WITHIN_MS / 1000} s.`)),
    READY_WITHIN_MS,
  );
  keeper.on('message', (message) => {
    const told = message as FromKeeper;
    if (told.type === 'ready') resolve(told.description);
    else reject(new SquallError(told.code ?? 'EMULATOR_FAILED', told.text, told.remedy));
  });
  keeper.on('error', (error) => reject(new SquallError('EMULATOR_FAILED', `The emulators can't be started: ${error.message}.`)));
  keeper.on('exit', (code, signal) =>
    reject(new SquallError('EMULATOR_FAILED', `The emulators' process ended (${signal ?? `code ${code}`}) before they were up.`)),
  );
  const message: ToKeeper = { type: 'up', options };
  keeper.send(message, () => undefined);
  try {
    return await promise;
  } catch (error) {
    keeper.kill();
    throw error;
  } finally {
    clearTimeout(timer);
    if (keeper.connected) keeper.disconnect();
    keeper.unref();
  }
};
