import type { ModelFiles } from '../../../mocks/models/runtime.ts';
import type { Envelope } from '../encryption/envelope.ts';
import { isEnvelope } from '../encryption/header.ts';
import { bindingOfModel, envelopeOf } from '../encryption/stack-envelope.ts';
import type { NodeCommand, NodeConfig, NodeDependencies, NodeInstance, NodeKind, NodeRecord } from '../nodes/node.ts';
import { createBackupClient } from './backup-client.ts';
import { digestOf } from './digest.ts';
import { createRegistryNode, type RegistryCommand } from './node.ts';
import { BACKUP, REGISTRY, type RegistrySettings, registryNodes, registryToken } from './settings.ts';
import type { RegistryStore } from './store.ts';

/** What a replica holds when the run ends. */
export interface RegistryAudit {
  readonly type: 'registry';
  readonly mayWrite: boolean;
  readonly epoch: number;
  readonly lastIndex: number;
  /** Versions of the model of the scenario, with the digest of each. */
  readonly versions: readonly (readonly [version: number, digest: string])[];
  /** Digests of which it has a good artifact. */
  readonly good: readonly string[];
  /** Artifacts that it has stored, and those of them that anyone can read who has the disk. */
  readonly stored: number;
  readonly inTheClear: number;
  /** Digests of artifacts that were put in others' places by whoever had the disk. */
  readonly tampered: readonly string[];
}

/** A replica leads from now on. */
export interface ReignRecord extends NodeRecord {
  readonly type: 'registry-reign';
}

const KNOWN: readonly RegistryCommand['type'][] = ['corrupt-artifacts', 'erase', 'hold', 'tamper-artifacts'];

const isKnown = (command: NodeCommand): command is RegistryCommand & NodeCommand =>
  KNOWN.includes(command.type as RegistryCommand['type']);

/** Stored artifacts that are no envelopes. */
const clearIn = async (store: RegistryStore, digests: readonly string[]): Promise<number> => {
  let clear = 0;
  for (const digest of digests) {
    const bytes = await store.readArtifact(digest);
    if (bytes && !isEnvelope(bytes)) clear += 1;
  }
  return clear;
};

/** Digests that are stored under the right name. */
const goodIn = async (store: RegistryStore): Promise<readonly string[]> => {
  const good: string[] = [];
  for (const digest of await store.listArtifacts()) {
    const bytes = await store.readArtifact(digest);
    if (bytes && digestOf(bytes) === digest) good.push(digest);
  }
  return good;
};

/** The model that ships, as the first version is stored. */
const seedOf =
  (files: ModelFiles, model: string, envelope: Envelope | null) =>
  async (signal: AbortSignal): Promise<Uint8Array> => {
    const bytes = files.read(model);
    return envelope ? envelope.seal(bytes, bindingOfModel(model, 1), signal) : bytes;
  };

const create = (config: NodeConfig, { models, stores, fetch, onEvent, onRecord }: NodeDependencies): NodeInstance => {
  const { model, alias } = config.settings as unknown as RegistrySettings;
  const { stack, region } = config;
  const token = registryToken(config);
  const backup = stack.nodes?.find(({ kind }) => kind === BACKUP);
  const store = stores.registry();
  const envelope = envelopeOf(stack);
  const node = createRegistryNode(
    { region, nodes: registryNodes(stack.nodes), policy: stack.design.registry, token },
    {
      store,
      backup: createBackupClient(backup?.origin ?? '', token, fetch),
      ...(models.files ? { seed: { model, alias, bytes: seedOf(models.files, model, envelope) } } : {}),
      fetch,
      onEvent,
      onReign: () => onRecord({ type: 'registry-reign' } satisfies ReignRecord),
    },
  );
  return {
    fetch: node.fetch,
    start: node.start,
    stop: node.stop,
    async command(command) {
      if (!isKnown(command)) throw new TypeError(`a registry knows no command ${command.type}`);
      await node.control(command);
    },
    async audit(): Promise<RegistryAudit> {
      const state = await store.readState();
      const { epoch = 0, entries = [] } = state ?? {};
      const versions = entries.flatMap(({ change }) =>
        change.type === 'publish' && change.model === model ? [[change.version, change.digest] as const] : [],
      );
      const mayWrite = node.mayWrite();
      const stored = await store.listArtifacts();
      return {
        type: 'registry',
        mayWrite,
        epoch,
        lastIndex: entries.length,
        versions,
        good: await goodIn(store),
        stored: stored.length,
        inTheClear: await clearIn(store, stored),
        tampered: node.tampered,
      };
    },
  };
};

export const registryNode: NodeKind = {
  kind: REGISTRY,
  summary: 'A replica of the model registry.',
  isService: true,
  create,
};
