import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnnounce } from '../../../../harness/serving/announce.ts';
import type { GatewayConfig } from '../../../../harness/serving/config.ts';
import { referenceDesign } from '../../../../harness/serving/design/reference.ts';
import { createLocalModel } from '../../../../harness/serving/registry/local-model.ts';
import type { ModelRuntime, Prediction } from '../../../../mocks/models/runtime.ts';
import { artifactOf, type RegistryCluster, startCluster } from '../../../support/registry.ts';

const ROW = [[1, 2, 3]];

const answer = (label: number): readonly Prediction[] => [{ label, probabilities: [] }];

/** Predicts 0 as it ships; a file predicts the number of times that one has been loaded, and one that begins with X does not load. */
const models = (): ModelRuntime => {
  let loads = 0;
  return {
    predict: async () => answer(0),
    files: {
      read: () => artifactOf('seed'),
      async load(bytes) {
        if (new TextDecoder().decode(bytes).includes('broken')) throw new Error('no model');
        loads += 1;
        const label = loads;
        return { predict: async () => answer(label), release: async () => undefined };
      },
    },
  };
};

let cluster: RegistryCluster;
let stopping: AbortController;
const events: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  stopping = new AbortController();
  events.length = 0;
});

afterEach(() => {
  stopping.abort(new Error('over'));
  cluster.stop();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const follow = async (policy: Partial<(typeof referenceDesign)['registry']> = {}) => {
  cluster = await startCluster({ scrubIntervalMs: 60_000, ...policy });
  vi.stubGlobal('fetch', cluster.fetch);
  const nodes = ['us-west', 'us-east', 'europe-west'].map((region, at) => ({
    id: `stack/${region}/registry`,
    kind: 'registry',
    region,
    origin: `http://${region}.test`,
    rttMs: at,
  }));
  const design = { ...referenceDesign, registry: { ...referenceDesign.registry, ...policy } };
  const config = { model: 'digits', links: [], design, nodes } as GatewayConfig;
  const local = createLocalModel(
    config,
    models(),
    createAnnounce((text) => events.push(text)),
    stopping.signal,
  );
  local.start();
  await cluster.wait(500);
  return local;
};

const publish = async (text: string, expected: number) => {
  const signal = new AbortController().signal;
  const bytes = artifactOf(text);
  await cluster.run(cluster.client('us-east').publish({ model: 'digits-small', bytes, expected, alias: 'production' }, signal));
  await cluster.wait(2500);
};

const labelOf = async ({ models: followed }: { readonly models: ModelRuntime }) =>
  (await followed.predict('digits-small', ROW))[0]?.label;

describe("the stack's own model", () => {
  it('is the version that the registry says, and the next one when there is one', async () => {
    const local = await follow();
    expect([await labelOf(local), local.versionOf('fallback-model')]).toEqual([1, '1']);
    await publish('two', 1);
    expect([await labelOf(local), local.versionOf('fallback-model')]).toEqual([2, '2']);
    expect(local.versionOf('rules')).toBe('');
  });

  it('is had from another replica where the nearest has wrong bytes', async () => {
    const local = await follow();
    await cluster.command('us-west', { type: 'corrupt-artifacts', isOn: true });
    await publish('two', 1);
    expect(local.versionOf('fallback-model')).toBe('2');
    expect(events.join('\n')).toContain('the bytes at us-west have a wrong digest; refused');
  });

  it('stays the last good one where the registry is gone, or a version does not load', async () => {
    const local = await follow();
    await publish('broken two', 1);
    expect([await labelOf(local), local.versionOf('fallback-model')]).toEqual([1, '1']);
    expect(events.join('\n')).toContain('it does not load; version 1 stays');
    for (const region of ['us-east', 'us-west', 'europe-west']) cluster.kill(region);
    await cluster.wait(10_000);
    expect(await labelOf(local)).toBe(1);
  });

  it('is the one that ships where there is no registry', async () => {
    cluster = await startCluster();
    const config = { model: 'digits', links: [], design: referenceDesign } as GatewayConfig;
    const local = createLocalModel(config, models(), createAnnounce(undefined), stopping.signal);
    local.start();
    expect([await labelOf(local), local.versionOf('fallback-model')]).toEqual([0, '']);
  });
});
