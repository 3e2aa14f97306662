import { SquallError } from '../errors.ts';
import { installLight } from '../world/fetch/install.ts';
import type { FromKeeper, ToKeeper } from './protocol.ts';

/** Entry of the process that keeps emulators up after `squall up --env` has returned. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const stopped = Promise.withResolvers<void>();
for (const signal of SIGNALS) process.on(signal, () => stopped.resolve());
// Until it knows that they are up, the command is there; without it nobody would know of them.
const onLostCommand = () => stopped.resolve();
process.once('disconnect', onLostCommand);

const tell = (message: FromKeeper): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send!(message, undefined, undefined, () => resolve());
    else resolve();
  });

const failure = (error: unknown): FromKeeper =>
  error instanceof SquallError
    ? { type: 'failed', text: error.message, code: error.code, ...(error.remedy ? { remedy: error.remedy } : {}) }
    : { type: 'failed', text: error instanceof Error ? error.message : String(error) };

process.once('message', async (message) => {
  try {
    installLight();
    const { putUp } = await import('./up.ts');
    const up = await putUp((message as ToKeeper).options, () => undefined);
    if (process.connected) {
      process.off('disconnect', onLostCommand);
      await tell({ type: 'ready', description: up.description });
      if (process.connected) process.disconnect();
    }
    await Promise.race([stopped.promise, up.stopAsked]);
    await up.close();
    process.exit(0);
  } catch (error) {
    await tell(failure(error));
    process.exit(1);
  }
});
