import type { LoadedModel, ModelFiles, Prediction } from '../../../mocks/models/runtime.ts';
import { openScope, sleep } from '../abort.ts';
import type { Announce } from '../announce.ts';
import type { Rows } from '../clients/access.ts';
import { createRegistryClient, type RegistryClient } from './client.ts';
import { RegistryError } from './client-errors.ts';
import type { RegistryAddress } from './peers.ts';
import type { RegistryPolicy } from './policy.ts';

/** A model that is kept as the registry has it. */
export interface ModelSource {
  /** Version that predicts now, as text; empty before the first has come. */
  readonly version: string;
  /** @returns null before the first version has come */
  predict(rows: Rows): Promise<readonly Prediction[] | null>;
  /** Begins to look for the version to serve. */
  start(): void;
}

export interface ModelSourceParts {
  readonly model: string;
  readonly alias: string;
  /** Replicas of the registry, the nearest first. */
  readonly nodes: readonly RegistryAddress[];
  readonly policy: RegistryPolicy;
  readonly files: ModelFiles;
  readonly announce: Announce;
  readonly stopped: AbortSignal;
}

/** A look for a new version that has not come to an end by then has failed. */
const GIVE_UP_MS = 5000;

interface Served {
  readonly version: number;
  readonly digest: string;
  readonly loaded: LoadedModel;
}

const whyOf = (error: unknown): string => (error instanceof RegistryError ? error.kind : 'it does not load');

/** Keeps a model at the version that the registry says, and at the last good one where the registry has none to give. */
export const createModelSource = (parts: ModelSourceParts): ModelSource => {
  const { model, alias, nodes, policy, files, announce, stopped } = parts;
  const client: RegistryClient = createRegistryClient({
    nodes,
    policy,
    fetch: (...args) => fetch(...args),
    onPassedOver(region, why) {
      if (why === 'corrupt')
        announce.spell(`model ${region}`, `model ${model}: the bytes at ${region} have a wrong digest; refused`);
    },
  });
  let served: Served | undefined;

  const look = async (signal: AbortSignal): Promise<void> => {
    const resolved = await client.resolve(model, alias, signal);
    if (served?.digest === resolved.digest) return;
    const { bytes } = await client.download(resolved, signal);
    const loaded = await files.load(bytes);
    const former = served?.loaded;
    served = { version: resolved.version, digest: resolved.digest, loaded };
    announce.spell('model', `model ${model}: serves version ${resolved.version}, from ${resolved.region}`);
    await former?.release();
  };

  const keepLooking = async (): Promise<void> => {
    while (!stopped.aborted) {
      const scope = openScope(stopped, { ms: GIVE_UP_MS, reason: () => new RegistryError('unavailable', 'No answer in time.') });
      try {
        await look(scope.signal);
        announce.well('model source', `model ${model}: the registry serves again`);
      } catch (error) {
        const last = served ? `version ${served.version} stays` : 'there is none yet';
        // A registry that is just starting has nothing yet.
        const isEarly = served === undefined && error instanceof RegistryError && error.kind === 'not-found';
        if (!stopped.aborted && !isEarly)
          announce.trouble('model source', `model ${model}: no newer version can be had, ${whyOf(error)}; ${last}`);
      } finally {
        scope.close();
      }
      await sleep(policy.refreshMs, stopped);
    }
  };

  return {
    get version() {
      return served ? String(served.version) : '';
    },
    predict: async (rows) => (served ? served.loaded.predict(rows) : null),
    start() {
      keepLooking().catch(() => undefined);
    },
  };
};
