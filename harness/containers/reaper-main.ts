import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineAddress } from './engine.ts';
import type { FromReaper, ToReaper } from './reaper.ts';
import { removeByLabel, removeOrphans } from './remove.ts';

/**
 * Entry of the process that removes the containers, networks and images of a run when squall ends, whatever ended it: it waits for its channel to close. It is in
 * a session of its own, and signals to a terminal's processes mean nothing to it.
 */
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined);

/** The engine may still be creating what squall asked for in its last moment. */
const LOOKS_AFTER_A_KILL = 8;
const BETWEEN_LOOKS_MS = 500;
/** An engine that refuses for so long keeps what it has: squall, which waits, says so; after its end, a busy engine has more time. */
const GIVE_UP_AFTER_MS = { asked: 5_000, alone: 60_000 };

let engine: EngineAddress | undefined;
const targets = new Set<string>();

const tell = (message: FromReaper): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send!(message, undefined, undefined, () => resolve());
    else resolve();
  });

/** Removes all, and looks again until so many looks in a row have found nothing. */
const reap = async (address: EngineAddress, looks: number, giveUpAfterMs: number): Promise<void> => {
  const deadline = performance.now() + giveUpAfterMs;
  for (let quiet = 0; ; ) {
    try {
      let count = 0;
      for (const label of targets) count += await removeByLabel(address, label);
      // What was there is removed: the next look makes sure.
      quiet = count === 0 ? quiet + 1 : 0;
      if (quiet >= looks) return;
      if (count > 0) continue;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      quiet = 0;
    }
    await sleep(BETWEEN_LOOKS_MS);
  }
};

process.on('message', async (message: ToReaper) => {
  if (message.type === 'watch') {
    engine = message.engine;
    targets.add(message.label);
    const swept = await removeOrphans(engine).catch(() => 0);
    await tell({ type: 'ready', swept });
  } else if (message.type === 'also') targets.add(message.label);
  else {
    process.off('disconnect', onLostSquall);
    try {
      if (engine) await reap(engine, 1, GIVE_UP_AFTER_MS.asked);
      await tell({ type: 'done' });
    } catch (error) {
      await tell({ type: 'done', problem: error instanceof Error ? error.message : String(error) });
    }
    process.exit(0);
  }
});

const onLostSquall = async () => {
  try {
    if (engine) await reap(engine, LOOKS_AFTER_A_KILL, GIVE_UP_AFTER_MS.alone);
  } finally {
    process.exit(0);
  }
};
process.on('disconnect', onLostSquall);
if (!process.connected) process.exit(1);
