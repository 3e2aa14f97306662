import type { FromPauseGuard, ToPauseGuard } from './pause-guard.ts';

/** Entry of the process that lets paused processes go on when squall has ended. */
const paused = new Set<number>();

// The terminal sends these to all of its processes; squall decides what they mean.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined);

process.on('message', ({ type, pid }: ToPauseGuard) => {
  if (type === 'resumed') return void paused.delete(pid);
  paused.add(pid);
  process.send!({ type: 'noted', pid } satisfies FromPauseGuard, undefined, undefined, () => undefined);
});

process.once('disconnect', () => {
  for (const pid of paused) {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It is gone.
    }
  }
  process.exit(0);
});
if (!process.connected) process.exit(1);
