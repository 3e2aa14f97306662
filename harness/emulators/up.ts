import { clouds } from '../../mocks/clouds.ts';
import { SquallError } from '../errors.ts';
import { batchPredictions } from '../world/live/batch-predictions.ts';
import { createCleanUp } from '../world/live/clean-up.ts';
import { mount } from '../world/live/mount.ts';
import { loadShippedModels } from '../world/live/shipped-models.ts';
import { createChaos } from './chaos/chaos.ts';
import { checkPorts, choose, type Wanted } from './choose.ts';
import { createControlApi, makeToken } from './control-api.ts';
import { createControlClient } from './control-client.ts';
import type { StandingEndpoint } from './endpoints.ts';
import { CONTROL_TOKEN, CONTROL_URL, stageVariables, writeTrust } from './environment.ts';
import { createFaultHand } from './hand.ts';
import { type Claim, claimFolder, readState, removeFolder, runtimeFolder } from './runtime-folder.ts';
import { DEFAULT_SEED, openStage } from './stage.ts';

/** What is up, for whoever uses it. Contains the accounts' secrets, which are good here only. */
export interface Description {
  readonly pid: number;
  readonly control: { readonly url: string; readonly token: string };
  /** Path of the local CA's certificate, PEM. */
  readonly caCertificate: string;
  readonly endpoints: readonly StandingEndpoint[];
  /** Environment variables for the clouds' SDKs and tools, with the credentials that are good now. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface UpOptions extends Wanted {
  /** Port of the control API; endpoints have the next ones. Null takes free ones. */
  readonly basePort: number | null;
}

/** Emulators that are up. */
export interface Up {
  readonly description: Description;
  /** Resolves when they are asked to stop through the control API. */
  readonly stopAsked: Promise<void>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}

/** A month: they may be left up over days, and their CA is trusted by nobody else. */
const CERTIFICATES_FOR_MS = 30 * 24 * 3_600_000;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Whether the emulators that the folder tells of are there; those of a process that was killed are not. */
const stillUp = async (folder: string): Promise<boolean> => {
  const state = readState(folder);
  if (!state || !isAlive(state.pid)) return false;
  if (!state.control) return true;
  return createControlClient(state.control)
    .describe()
    .then(
      () => true,
      () => false,
    );
};

/** @throws {SquallError} `BAD_FLAG` when emulators are up already */
const claim = async (): Promise<Claim> => {
  const folder = runtimeFolder();
  const first = claimFolder(folder);
  if (first) return first;
  if (!(await stillUp(folder))) {
    removeFolder(folder);
    const second = claimFolder(folder);
    if (second) return second;
  }
  throw new SquallError(
    'BAD_FLAG',
    'Emulators are up already, or are just being put up.',
    'Stop them with `squall down`; `squall up --env` without other options prints their environment.',
  );
};

/**
 * Puts the emulators up, with their control API.
 * @param onEvent something worth telling, one sentence
 * @throws {SquallError} `BAD_FLAG` for clouds or regions that are not known, or when emulators are up already; `PORT_IN_USE`
 */
export const putUp = async (options: UpOptions, onEvent: (text: string) => void): Promise<Up> => {
  const { basePort } = options;
  const chosen = choose(options, clouds);
  if (basePort !== null) checkPorts(basePort, chosen);
  const cleanUp = createCleanUp();
  const { folder, publish, release } = await claim();
  try {
    const chaos = createChaos(DEFAULT_SEED);
    const stage = await openStage({
      clouds: chosen,
      models: batchPredictions(await loadShippedModels()),
      certificatesForMs: CERTIFICATES_FOR_MS,
      ...(basePort === null ? {} : { firstPort: basePort + 1 }),
      around: chaos.around,
      onEvent,
      onBroken: onEvent,
    });
    cleanUp.defer(stage.close);
    const hand = createFaultHand(stage);
    cleanUp.defer(async () => hand.close());
    const stopAsked = Promise.withResolvers<void>();
    const token = makeToken();
    const api = createControlApi({ token, hand, describe: () => description, stop: () => stopAsked.resolve() });
    const { origin: url, close } = await mount(chaos.before(api), basePort === null ? {} : { port: basePort });
    cleanUp.defer(close);

    const trust = writeTrust(folder, stage.caCertPem);
    const description: Description = {
      pid: process.pid,
      control: { url, token },
      caCertificate: trust.caFile,
      endpoints: stage.endpoints,
      // Asked anew each time: a credential that was revoked has another in its place.
      get environment() {
        return { ...stageVariables(stage, folder, trust), [CONTROL_URL]: url, [CONTROL_TOKEN]: token };
      },
    };
    publish({ url, token });
    return {
      description,
      stopAsked: stopAsked.promise,
      async close() {
        try {
          await cleanUp.run();
        } finally {
          release();
        }
      },
    };
  } catch (error) {
    await cleanUp.run();
    release();
    throw error;
  }
};
