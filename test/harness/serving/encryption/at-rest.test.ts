import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Design } from '../../../../harness/serving/design/policies.ts';
import { referenceDesign } from '../../../../harness/serving/design/reference.ts';
import type { NodeConfig } from '../../../../harness/serving/nodes/node.ts';
import type { NodeStores } from '../../../../harness/serving/nodes/stores.ts';
import { createRegistryClient } from '../../../../harness/serving/registry/client.ts';
import { digestOf } from '../../../../harness/serving/registry/digest.ts';
import { registryNode } from '../../../../harness/serving/registry/registry-node.ts';
import { LOCAL_MODEL } from '../../../../harness/serving/registry/settings.ts';
import { createMemoryStore, type RegistryStore } from '../../../../harness/serving/registry/store.ts';
import { openFileStore } from '../../../../harness/world/live/registry/file-store.ts';
import { aws } from '../../../../mocks/aws/provider.ts';
import { stubModels } from '../../../support/model.ts';

const REGION = 'us-east-1';
/** What must not be found: no 8 bytes of it are in anything else. */
const MODEL = new TextEncoder().encode(
  Array.from({ length: 400 }, (_, at) => `weight ${at} is ${(at * 7919) % 1000}`).join('\n'),
);

/** A registry of one replica, whose key service is AWS KMS. */
const start = async (store: RegistryStore, design: Design) => {
  const emulator = await aws.createEmulator(
    {
      provider: 'aws',
      regions: [
        {
          region: REGION,
          capacity: { serviceTimeMs: 1, serviceTimeSigma: 0, concurrency: 1, queueLimit: 1 },
          instanceUsdPerHour: 1,
          instanceType: 'x',
        },
      ],
      credential: await aws.mintCredential(),
      secretStoreToken: 'open-sesame',
      endpointName: 'digits',
      model: 'digits',
      hasKeys: true,
    },
    { models: stubModels },
  );
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const role = new URL(url).hostname.replace('.test', '');
    return emulator.endpoints.find((one) => one.definition.role === role)!.fetch(new Request(url, init));
  });
  const node = { id: 'stack/us-east/registry', kind: 'registry', region: 'us-east', origin: 'http://registry.test', rttMs: 1 };
  const config: NodeConfig = {
    id: node.id,
    kind: node.kind,
    region: node.region,
    settings: LOCAL_MODEL,
    stack: {
      model: 'digits',
      links: [],
      design: {
        ...design, // One replica has nobody to settle a version with.
        registry: { ...design.registry, replication: 'async', backupIntervalMs: 0, leaseMs: 200 },
      },
      nodes: [node],
      keys: [
        {
          id: 'aws/us-east-1/kms',
          provider: 'aws',
          region: REGION,
          endpoint: 'http://key.test',
          secretEndpoint: 'http://secret.test',
          secretStoreToken: 'open-sesame',
        },
      ],
    },
  };
  const instance = await registryNode.create(config, {
    models: { ...stubModels, files: { read: () => MODEL, load: () => Promise.reject(new Error('no model')) } },
    stores: { registry: () => store } as NodeStores,
    fetch: () => Promise.reject(new Error('it has no peers')),
    onEvent: () => undefined,
    onRecord: () => undefined,
  });
  await instance.start();
  const client = createRegistryClient({
    nodes: [node],
    policy: design.registry,
    fetch: ((url: string, init: RequestInit) => instance.fetch!(new Request(url, init))) as typeof fetch,
  });
  await vi.waitFor(() => client.resolve(LOCAL_MODEL.model, LOCAL_MODEL.alias, AbortSignal.timeout(1000)), {
    timeout: 10_000,
    interval: 20,
  });
  return instance;
};

/** Whether any eight bytes in a row of the model are in it. */
const holds = (bytes: Uint8Array): boolean => {
  const text = Buffer.from(bytes);
  for (let at = 0; at + 8 <= MODEL.length; at += 8) if (text.includes(Buffer.from(MODEL.subarray(at, at + 8)))) return true;
  return false;
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

const folder = mkdtempSync(join(tmpdir(), 'squall-at-rest-'));
afterEach(() => {
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});

const noEncryption: Design = { ...referenceDesign, encryption: false };

describe('what a replica of the registry has at rest', () => {
  test.each([
    ['nothing of the model', referenceDesign, false],
    ['all of it without the policy', noEncryption, true],
  ] as const)('is %s, in files', async (_, design, isThere) => {
    const node = await start(openFileStore(folder), design);
    const files = filesIn(folder);
    node.stop();
    expect(files.length).toBeGreaterThan(1);
    expect(files.some((path) => holds(readFileSync(path)))).toBe(isThere);
  });

  test.each([
    ['nothing of the model', referenceDesign, false],
    ['all of it without the policy', noEncryption, true],
  ] as const)('is %s, in memory', async (_, design, isThere) => {
    const store = createMemoryStore();
    const node = await start(store, design);
    const digests = await store.listArtifacts();
    const artifacts = await Promise.all(digests.map((digest) => store.readArtifact(digest)));
    node.stop();
    expect(artifacts.map((bytes) => digestOf(bytes!))).toEqual(digests);
    expect(artifacts.some((bytes) => holds(bytes!))).toBe(isThere);
  });
});
