import { SquallError } from '../../errors.ts';
import { bindFault } from '../../faults/bind.ts';
import { secretsOfIdentity } from '../../identity/run-identity.ts';
import { LOAD_LEAD_MS, startLoad } from '../../load/start-load.ts';
import { referenceSut } from '../../sut/reference.ts';
import type { ChosenSut } from '../../sut/sut.ts';
import { identityLinkOf } from '../../topology/identity-link.ts';
import { faultableLinks } from '../../topology/node-placements.ts';
import { createRedactor } from '../redactor.ts';
import type { World } from '../world.ts';
import { findBroker } from './brokers/find-broker.ts';
import { createCleanUp } from './clean-up.ts';
import { type ContainerPool, openForPlan } from './containers/open.ts';
import { mintAccess } from './credentials.ts';
import { startEmulator } from './emulator-process.ts';
import { createEnding } from './ending.ts';
import { providersOf } from './endpoints.ts';
import { liveIdentity } from './identity.ts';
import { play } from './play.ts';
import { createRecorder } from './recorder.ts';
import { refuseForSut, refuseNames } from './refuse-for-sut.ts';
import { createRunGuard } from './run-guard.ts';
import { type Stage, setStage } from './stage.ts';

/** What a live run is put together from; tests bring their own. */
export interface LiveParts {
  readonly startEmulator: typeof startEmulator;
  readonly sut: ChosenSut;
  readonly startLoad: typeof startLoad;
  /** Keeps the clouds' credentials from run to run; left out, each run has its own. */
  readonly credentialsFile?: string;
  /** Containers for all runs of a command; left out, each run has its own. */
  readonly containerPool?: ContainerPool;
  /** How far ahead of its first arrival the load is started, milliseconds. */
  readonly loadLeadMs: number;
}

const REAL_PARTS: LiveParts = { startEmulator, sut: referenceSut, startLoad, loadLeadMs: LOAD_LEAD_MS };

/** A live world of these parts: real processes, sockets and time, all on loopback. */
export const createLiveWorld = (parts: LiveParts = REAL_PARTS): World => ({
  name: 'live',
  async run(plan, hooks) {
    // Before anything is started: what this world can't do is refused.
    if (plan.sut !== undefined) refuseForSut(plan);
    const faults = plan.scenario.faults.map((fault) => bindFault(fault, 'live', faultableLinks(plan)));
    if (plan.sut !== undefined) refuseNames(plan, faults);
    findBroker(plan);
    const accesses = await mintAccess(providersOf(plan.scenario.topology), parts.credentialsFile);
    const identity = identityLinkOf(plan) && (await liveIdentity(plan));
    const redactor = createRedactor(accesses.values(), [
      process.env.LOCALSTACK_AUTH_TOKEN ?? '',
      ...(identity ? secretsOfIdentity(identity) : []),
    ]);
    const recorder = createRecorder(redactor.redact, hooks.folder);
    const cleanUp = createCleanUp();
    const ending = createEnding(hooks.signal);
    const guard = createRunGuard();
    try {
      const containers = await openForPlan(plan, parts.containerPool);
      if (containers && !containers.isShared) cleanUp.defer(containers.containers.close);
      const sut = await parts.sut.prepare();
      cleanUp.defer(sut.close);
      const own = { plan, hooks, faults, accesses, redactor, parts, sut, recorder, guard, cleanUp, ending };
      const run = { ...own, ...(containers ? { containers } : {}), ...(identity ? { identity } : {}) };
      let stage: Stage;
      try {
        stage = await setStage(run);
      } catch (error) {
        // Ctrl-C reaches the children too: one that fell over it has not failed.
        if (await ending.isInterrupted()) return recorder.record({ type: 'interrupted', atMs: recorder.nowMs() });
        // A child's last words are in it.
        throw error instanceof SquallError ? new SquallError(error.code, redactor.redact(error.message), error.remedy) : error;
      }
      // Their calls are what recorded curves are laid over; nobody else has use for so many.
      if (plan.scenario.recorded) {
        stage.wire.watch((link, exchange) => {
          if (link.role === 'inference') recorder.call(link.id, exchange);
        });
      }
      return recorder.record(await play(run, stage));
    } finally {
      // Folders go when nobody writes there any more.
      await cleanUp.run().finally(guard.stop);
      recorder.close();
      ending.dispose();
    }
  },
});

export const liveWorld: World = createLiveWorld();

export interface LiveOptions {
  /** Left out: the reference stack. */
  readonly sut?: ChosenSut;
  /** Keeps the clouds' credentials from run to run; left out, each run has its own. */
  readonly credentialsFile?: string;
  /** Containers for all runs of a command; left out, each run has its own. */
  readonly containerPool?: ContainerPool;
}

/** The live world with another system under test than the reference stack. */
export const createLiveWorldFor = (options: LiveOptions): World => createLiveWorld({ ...REAL_PARTS, ...options });
