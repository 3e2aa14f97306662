import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FromGuard, ToGuard } from './run-guard.ts';

/** Entry of the process that sees to what a run would leave when squall is killed. */
const paused = new Set<number>();
const folders = new Set<string>();

/** Processes of the run end with squall too, and may write to the last. */
const LOOKS = 6;
const BETWEEN_LOOKS_MS = 250;

// The terminal sends these to all of its processes; squall decides what they mean.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined);

process.on('message', (message: ToGuard) => {
  if (message.type === 'end') process.exit(0);
  if (message.type === 'resumed') {
    paused.delete(message.pid);
    return;
  }
  if (message.type === 'paused') paused.add(message.pid);
  else folders.add(message.path);
  process.send!({ type: 'noted', id: message.id } satisfies FromGuard, undefined, undefined, () => undefined);
});

const onLostSquall = async () => {
  for (const pid of paused) {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It is gone.
    }
  }
  for (let look = 0; look < LOOKS; look += 1) {
    for (const folder of folders) {
      try {
        rmSync(folder, { recursive: true, force: true });
      } catch {
        // Somebody writes there: at the next look.
      }
    }
    await sleep(BETWEEN_LOOKS_MS);
  }
  process.exit(0);
};
process.once('disconnect', () => void onLostSquall());
if (!process.connected) process.exit(1);
