import { withNote } from '../../../mocks/models/onnx-note.ts';
import { openScope, sleep } from '../abort.ts';
import { EnvelopeRefused } from '../encryption/header.ts';
import { KeyError } from '../encryption/key-service.ts';
import { bindingOfModel, envelopeOf } from '../encryption/stack-envelope.ts';
import type { NodeConfig, NodeDependencies, NodeInstance, NodeKind, NodeRecord } from '../nodes/node.ts';
import { createRegistryClient } from './client.ts';
import { RegistryError } from './client-errors.ts';
import { digestOf } from './digest.ts';
import { readVersion } from './read-version.ts';
import { nearestFirst, type RegistryClientSettings, registryToken } from './settings.ts';

/** A publish, or an attempt at one, as the publisher saw it. */
export interface PublishRecord extends NodeRecord {
  readonly type: 'registry-publish';
  /** Until the record, milliseconds. */
  readonly tookMs: number;
  /** Null where it was not acknowledged. */
  readonly version: number | null;
  readonly digest: string;
  /** What kept it from being acknowledged; empty where it was. */
  readonly failure: string;
}

/** A read: what is to be served now, and its bytes. */
export interface ReadRecord extends NodeRecord {
  readonly type: 'registry-read';
  readonly tookMs: number;
  /** What the read said that is to be served; null where it did not. */
  readonly version: number | null;
  /** Whether the bytes are those that were published. */
  readonly isGood: boolean;
  /** Of what came as the artifact; empty where nothing did. */
  readonly digest: string;
  readonly failure: string;
}

/** An attempt that has not come to an end by then has failed. */
const GIVE_UP_MS = 2000;

/** Does something at a beat: late where the last took longer than a beat. */
const atABeat = async (everyMs: number, stopped: AbortSignal, act: (signal: AbortSignal) => Promise<void>): Promise<void> => {
  let dueMs = performance.now();
  while (!stopped.aborted) {
    const scope = openScope(stopped, { ms: GIVE_UP_MS, reason: () => new Error(`not within ${GIVE_UP_MS} ms`) });
    await act(scope.signal).finally(scope.close);
    dueMs = Math.max(dueMs + everyMs, performance.now());
    await sleep(dueMs - performance.now(), stopped);
  }
};

const whyOf = (error: unknown): string => {
  if (error instanceof RegistryError) return error.kind;
  if (error instanceof KeyError) return `keys ${error.kind}`;
  if (error instanceof EnvelopeRefused) return 'tampered';
  return error instanceof Error ? error.message : String(error);
};

const create = (config: NodeConfig, { models, fetch, onEvent, onRecord }: NodeDependencies): NodeInstance => {
  const { model, alias, publishEveryMs, readEveryMs } = config.settings as unknown as RegistryClientSettings;
  const { stack, region, id } = config;
  const { registry: policy } = stack.design;
  const stopping = new AbortController();
  const envelope = envelopeOf(stack);
  const client = createRegistryClient({
    nodes: nearestFirst(stack.nodes, region),
    policy,
    token: registryToken(config),
    fetch,
    onPassedOver(replica, why) {
      if (why === 'corrupt') onEvent(`${id}: refused an artifact of ${replica} with a wrong digest`);
    },
  });

  /** What new versions follow, as far as is known. */
  let newest = 1;
  let made = 0;

  /** A new version each time: the model that ships, with a note of who made it. */
  const publish = async (signal: AbortSignal): Promise<void> => {
    const startedAtMs = performance.now();
    made += 1;
    const plaintext = withNote(models.files!.read(model), 'squall', `${region} ${made}`);
    let outcome: Pick<PublishRecord, 'version' | 'digest' | 'failure'> = { version: null, digest: '', failure: '' };
    while (outcome.version === null && outcome.failure === '') {
      try {
        const bytes = envelope ? await envelope.seal(plaintext, bindingOfModel(model, newest + 1), signal) : plaintext;
        const { version, digest } = await client.publish({ model, bytes, expected: newest, alias }, signal);
        newest = version;
        outcome = { version, digest, failure: '' };
      } catch (error) {
        // Somebody else was first: the next follows theirs.
        if (error instanceof RegistryError && error.newest !== null && error.newest !== newest) newest = error.newest;
        else outcome = { ...outcome, failure: whyOf(error) };
      }
    }
    if (stopping.signal.aborted) return;
    onRecord({ type: 'registry-publish', tookMs: performance.now() - startedAtMs, ...outcome } satisfies PublishRecord);
  };

  const read = async (signal: AbortSignal): Promise<void> => {
    const startedAtMs = performance.now();
    let outcome: Pick<ReadRecord, 'version' | 'isGood' | 'digest' | 'failure'> = {
      version: null,
      isGood: false,
      digest: '',
      failure: '',
    };
    try {
      const parts = {
        client,
        envelope,
        model,
        alias,
        replicas: stack.nodes?.length ?? 1,
        onTampered: (replica: string) => onEvent(`${id}: refused an artifact of ${replica} that was changed`),
        onResolved: ({ version }: { readonly version: number }) => {
          outcome = { ...outcome, version };
        },
      };
      const { download } = (await readVersion(parts, undefined, signal))!;
      outcome = { ...outcome, isGood: download.isGood, digest: digestOf(download.bytes) };
    } catch (error) {
      outcome = { ...outcome, failure: whyOf(error) };
    }
    if (stopping.signal.aborted) return;
    onRecord({ type: 'registry-read', tookMs: performance.now() - startedAtMs, ...outcome } satisfies ReadRecord);
  };

  return {
    async start() {
      const { signal } = stopping;
      if (publishEveryMs !== null) atABeat(publishEveryMs, signal, publish).catch(() => undefined);
      if (readEveryMs !== null) atABeat(readEveryMs, signal, read).catch(() => undefined);
    },
    stop: () => stopping.abort(new Error('The client is stopped.')),
  };
};

/** Publishes new versions and reads what is to be served, as a pipeline and a gateway of its region do. */
export const registryClientNode: NodeKind = {
  kind: 'registry-client',
  summary: 'A publisher and reader of the model registry, whose outcomes are measured.',
  isService: false,
  create,
};
