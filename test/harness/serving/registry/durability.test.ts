import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RegistryError } from '../../../../harness/serving/registry/client-errors.ts';
import { digestOf } from '../../../../harness/serving/registry/digest.ts';
import { artifactOf, REGIONS, type RegistryCluster, startCluster } from '../../../support/registry.ts';

const MODEL = 'digits-small';

type Trouble = 'kill' | 'isolate' | 'deafen' | 'partition' | 'corrupt' | 'erase' | 'hold';

/** One node is in trouble for a while, then well again; nothing else happens to the registry at the same time. */
interface Episode {
  readonly trouble: Trouble;
  readonly region: string;
  readonly forMs: number;
  readonly calmMs: number;
}

const episodes = (troubles: readonly Trouble[]) =>
  fc.array(
    fc.record<Episode>({
      trouble: fc.constantFrom(...troubles),
      region: fc.constantFrom(...REGIONS),
      forMs: fc.integer({ min: 50, max: 6000 }),
      calmMs: fc.integer({ min: 0, max: 3000 }),
    }),
    { minLength: 1, maxLength: 5 },
  );

interface Acknowledged {
  readonly version: number;
  readonly digest: string;
  readonly epoch: number;
  readonly acknowledgedAtMs: number;
}

const after = (ms: number): AbortSignal => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('too late')), ms);
  return controller.signal;
};

/** Publishes over and over, as fast as it is acknowledged, until told to stop. */
const keepPublishing = (cluster: RegistryCluster, region: string, until: AbortSignal, acknowledged: Acknowledged[]) => {
  const client = cluster.client(region);
  let sent = 0;
  const loop = async () => {
    let newest = 1;
    while (!until.aborted) {
      sent += 1;
      const bytes = artifactOf(`${region} ${sent}`);
      try {
        const published = await client.publish({ model: MODEL, bytes, expected: newest, alias: 'production' }, after(3000));
        acknowledged.push({ ...published, acknowledgedAtMs: performance.now() });
        newest = published.version;
      } catch (error) {
        if (error instanceof RegistryError && error.newest !== null) newest = error.newest;
      }
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  };
  return loop();
};

const afflict: Readonly<Record<Trouble, (cluster: RegistryCluster, region: string) => Promise<unknown> | undefined>> = {
  kill: (cluster, region) => void cluster.kill(region),
  isolate: (cluster, region) => void cluster.isolate(region),
  deafen: (cluster, region) => void cluster.deafen(region),
  partition: (cluster, region) => void cluster.partition([region]),
  corrupt: (cluster, region) => cluster.command(region, { type: 'corrupt-artifacts', isOn: true }),
  erase: (cluster, region) => cluster.command(region, { type: 'erase' }),
  hold: (cluster, region) => cluster.command(region, { type: 'hold', isHeld: true }),
};

const heal: Readonly<Record<Trouble, (cluster: RegistryCluster, region: string) => Promise<unknown> | undefined>> = {
  kill: (cluster, region) => cluster.restart(region),
  isolate: (cluster) => void cluster.heal(),
  deafen: (cluster) => void cluster.heal(),
  partition: (cluster) => void cluster.heal(),
  corrupt: (cluster, region) => cluster.command(region, { type: 'corrupt-artifacts', isOn: false }),
  erase: () => undefined,
  hold: (cluster, region) => cluster.command(region, { type: 'hold', isHeld: false }),
};

/** Looks all the time how many believe that they may acknowledge. @returns the most at a time */
const watchLeaders = (cluster: RegistryCluster, until: AbortSignal) => {
  let most = 0;
  const look = async () => {
    while (!until.aborted) {
      const all = await Promise.all(REGIONS.map((region) => cluster.status(region).catch(() => ({ mayWrite: false }))));
      most = Math.max(most, all.filter(({ mayWrite }) => mayWrite).length);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return most;
  };
  return look();
};

/** Plays the episodes under two publishers. @returns what was acknowledged, and what is there when all is well again */
const play = async (schedule: readonly Episode[], randomSeed: number) => {
  const cluster = await startCluster({ replication: 'sync', scrubIntervalMs: 1000 }, { randomSeed });
  const acknowledged: Acknowledged[] = [];
  const over = new AbortController();
  const leaders = watchLeaders(cluster, over.signal);
  const publishers = Promise.all([
    keepPublishing(cluster, 'us-east', over.signal, acknowledged),
    keepPublishing(cluster, 'europe-west', over.signal, acknowledged),
  ]);
  for (const { trouble, region, forMs, calmMs } of schedule) {
    await afflict[trouble](cluster, region);
    await cluster.wait(forMs);
    await heal[trouble](cluster, region);
    // Until the replica has all again: what befalls two at a time is another matter.
    await cluster.wait(4000 + calmMs);
  }
  over.abort();
  const [mostLeaders] = await cluster.run(Promise.all([leaders, publishers]));
  await cluster.wait(6000);
  const found = await Promise.all(
    REGIONS.map(async (region) => {
      const state = (await cluster.store(region).readState())!;
      const published = state.entries.flatMap(({ change }) => (change.type === 'publish' ? [change] : []));
      const versions = new Map(published.map(({ version, digest }) => [version, digest]));
      const wrong: number[] = [];
      for (const { version, digest } of published) {
        const bytes = await cluster.store(region).readArtifact(digest);
        if (!bytes || digestOf(bytes) !== digest) wrong.push(version);
      }
      return { region, versions, wrong };
    }),
  );
  cluster.stop();
  return { acknowledged, found, mostLeaders };
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('a registry whose replication is in sync', () => {
  it('loses no acknowledged version, whatever befalls one node at a time', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        episodes(['kill', 'isolate', 'deafen', 'partition', 'corrupt', 'erase', 'hold']),
        fc.integer({ min: 1, max: 2 ** 31 }),
        async (schedule, randomSeed) => {
          const { acknowledged, found, mostLeaders } = await play(schedule, randomSeed);
          expect(mostLeaders).toBe(1);
          expect(acknowledged.length).toBeGreaterThan(5);
          for (const { versions, wrong } of found) {
            for (const { version, digest } of acknowledged) expect(versions.get(version)).toBe(digest);
            expect(wrong).toEqual([]);
          }
          // No number was given twice, and a later version is never of an earlier reign.
          const inOrder = acknowledged.toSorted((a, b) => a.version - b.version);
          expect(new Set(inOrder.map(({ version }) => version)).size).toBe(inOrder.length);
          for (const [at, { epoch }] of inOrder.entries()) expect(epoch).toBeGreaterThanOrEqual(inOrder[at - 1]?.epoch ?? 0);
        },
      ),
      { numRuns: 4, seed: 20261127 },
    );
  });
});
