import { SquallError } from '../../errors.ts';
import { bindFault } from '../../faults/bind.ts';
import { LOAD_LEAD_MS, startLoad } from '../../load/start-load.ts';
import { startReference } from '../../sut/reference.ts';
import type { StartSut } from '../../sut/sut.ts';
import { faultableLinks } from '../../topology/node-placements.ts';
import type { World } from '../world.ts';
import { createCleanUp } from './clean-up.ts';
import { createRedactor, mintAccess } from './credentials.ts';
import { startEmulator } from './emulator-process.ts';
import { createEnding } from './ending.ts';
import { providersOf } from './endpoints.ts';
import { play } from './play.ts';
import { createRecorder } from './recorder.ts';
import { type Stage, setStage } from './stage.ts';

/** What a live run is put together from; tests bring their own. */
export interface LiveParts {
  readonly startEmulator: typeof startEmulator;
  readonly startSut: StartSut;
  readonly startLoad: typeof startLoad;
  /** How far ahead of its first arrival the load is started, milliseconds. */
  readonly loadLeadMs: number;
}

const REAL_PARTS: LiveParts = { startEmulator, startSut: startReference, startLoad, loadLeadMs: LOAD_LEAD_MS };

/** A live world of these parts: real processes, sockets and time, all on loopback. */
export const createLiveWorld = (parts: LiveParts = REAL_PARTS): World => ({
  name: 'live',
  async run(plan, hooks) {
    // Before anything is started: what this world can't do is refused.
    const faults = plan.scenario.faults.map((fault) => bindFault(fault, 'live', faultableLinks(plan)));
    const accesses = await mintAccess(providersOf(plan.scenario.topology));
    const redact = createRedactor(accesses.values());
    const recorder = createRecorder(redact);
    const cleanUp = createCleanUp();
    const ending = createEnding(hooks.signal);
    const run = { plan, hooks, faults, accesses, parts, recorder, cleanUp, ending };
    try {
      let stage: Stage;
      try {
        stage = await setStage(run);
      } catch (error) {
        // Ctrl-C reaches the children too: one that fell over it has not failed.
        if (await ending.isInterrupted()) return recorder.record({ type: 'interrupted', atMs: recorder.nowMs() });
        // A child's last words are in it.
        throw error instanceof SquallError ? new SquallError(error.code, redact(error.message), error.remedy) : error;
      }
      // Their calls are what recorded curves are laid over; nobody else has use for so many.
      if (plan.scenario.recorded) {
        stage.wire.watch((link, exchange) => {
          if (link.role === 'inference') recorder.call(link.id, exchange);
        });
      }
      return recorder.record(await play(run, stage));
    } finally {
      await cleanUp.run();
      ending.dispose();
    }
  },
});

export const liveWorld: World = createLiveWorld();
