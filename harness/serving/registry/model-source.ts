import type { LoadedModel, ModelFiles, Prediction } from '../../../mocks/models/runtime.ts';
import { openScope, sleep } from '../abort.ts';
import type { Announce } from '../announce.ts';
import type { Rows } from '../clients/access.ts';
import type { Envelope, Opened } from '../encryption/envelope.ts';
import { EnvelopeRefused } from '../encryption/header.ts';
import { KeyError } from '../encryption/key-service.ts';
import { createRegistryClient, type RegistryClient } from './client.ts';
import { RegistryError } from './client-errors.ts';
import type { RegistryAddress } from './peers.ts';
import type { RegistryPolicy } from './policy.ts';
import { readVersion } from './read-version.ts';

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
  /** Null where nothing is encrypted. */
  readonly envelope: Envelope | null;
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
  readonly opened: Opened | null;
}

const whyOf = (error: unknown): string => {
  if (error instanceof RegistryError) return error.kind;
  if (error instanceof KeyError) return `its key is ${error.kind}`;
  return error instanceof EnvelopeRefused ? 'it was changed' : 'it does not load';
};

/** Keeps a model at the version that the registry says, and at the last good one where the registry has none to give. */
export const createModelSource = (parts: ModelSourceParts): ModelSource => {
  const { model, alias, nodes, policy, envelope, files, announce, stopped } = parts;
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

  const reading = {
    client,
    envelope,
    model,
    alias,
    replicas: nodes.length,
    onTampered: (region: string) =>
      announce.spell(`model ${region}`, `model ${model}: what is at ${region} was changed; refused`),
  };

  /** What is in memory in the clear stays no longer than its key may be used. */
  const confirm = async (signal: AbortSignal): Promise<void> => {
    if (!served?.opened) return;
    const { opened, loaded } = served;
    try {
      await opened.confirm(signal);
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      announce.trouble('model key', `model ${model}: dropped, its key is ${error.kind}`);
      served = undefined;
      await loaded.release();
      throw error;
    }
  };

  const look = async (signal: AbortSignal): Promise<void> => {
    await confirm(signal);
    const version = await readVersion(reading, served?.digest, signal);
    if (!version) return;
    const { resolved, plaintext, opened } = version;
    const loaded = await files.load(plaintext);
    const former = served?.loaded;
    served = { version: resolved.version, digest: resolved.digest, loaded, opened };
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
    async predict(rows) {
      if (served) return served.loaded.predict(rows);
      // The model that ships lies in the clear: it stands in for none that is under a key.
      if (envelope) throw new KeyError('unavailable', `There is no version of ${model} that may be read.`);
      return null;
    },
    start() {
      keepLooking().catch(() => undefined);
    },
  };
};
