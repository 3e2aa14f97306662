import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { referenceDesign } from '../../../../harness/serving/design/reference.ts';
import { digestOf } from '../../../../harness/serving/registry/digest.ts';
import type { RegistryPolicy } from '../../../../harness/serving/registry/policy.ts';
import { artifactOf, REGIONS, type RegistryCluster, startCluster } from '../../../support/registry.ts';

const MODEL = 'digits-small';

let cluster: RegistryCluster;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(async () => {
  cluster.stop();
  await vi.advanceTimersByTimeAsync(0);
  const timersLeft = vi.getTimerCount();
  vi.restoreAllMocks();
  vi.useRealTimers();
  // Those of calls that the stopped nodes had under way: the network's own, of at most 21 ms.
  expect(timersLeft).toBeLessThan(20);
});

const within = (ms: number): AbortSignal => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error(`not within ${ms} ms`)), ms);
  return controller.signal;
};

const publish = (text: string, expected: number, from = 'us-east', ms = 10_000) =>
  cluster.run(cluster.client(from).publish({ model: MODEL, bytes: artifactOf(text), expected, alias: 'production' }, within(ms)));

const resolve = (from: string, policy: Partial<RegistryPolicy> = {}) =>
  cluster.run(cluster.client(from, policy).resolve(MODEL, 'production', within(10_000)));

const download = async (from: string, policy: Partial<RegistryPolicy> = {}) => {
  const version = await resolve(from, policy);
  const { bytes, region } = await cluster.run(cluster.client(from, policy).download(version, within(10_000)));
  return { version: version.version, text: new TextDecoder().decode(bytes), region, isGood: digestOf(bytes) === version.digest };
};

describe('a registry of three replicas', () => {
  it('begins with what it is given, at every replica', async () => {
    cluster = await startCluster();
    for (const region of ['us-east', 'us-west', 'europe-west']) {
      expect(await download(region)).toMatchObject({ version: 1, region, isGood: true });
    }
  });

  it('takes a version and serves it everywhere', async () => {
    cluster = await startCluster();
    const published = await publish('two', 1, 'europe-west');
    expect(published).toMatchObject({ version: 2, digest: digestOf(artifactOf('two')), region: 'us-east' });
    await cluster.wait(100);
    for (const region of ['us-east', 'us-west', 'europe-west']) expect((await download(region)).version).toBe(2);
  });

  it('has no leader that may write when it wakes up after its lease, before it has heard of anybody', async () => {
    cluster = await startCluster({ replication: 'async' });
    await cluster.wait(1_000);
    expect(await cluster.status('us-east')).toMatchObject({ role: 'leader', mayWrite: true });
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 2 * referenceDesign.registry.leaseMs);
    expect(await cluster.status('us-east')).toMatchObject({ role: 'leader', mayWrite: false });
  });

  it('refuses a version that follows another than the newest, and says which that is', async () => {
    cluster = await startCluster();
    await publish('two', 1);
    await expect(publish('other two', 1)).rejects.toMatchObject({ kind: 'conflict', newest: 2 });
  });

  it('takes the same version once, however often it comes', async () => {
    cluster = await startCluster();
    await publish('two', 1);
    expect((await publish('two', 1)).version).toBe(2);
    expect((await publish('three', 2)).version).toBe(3);
  });
});

describe('who leads at the start', () => {
  const bootAtMs = fc.record(Object.fromEntries(REGIONS.map((region) => [region, fc.integer({ min: 0, max: 8000 })])));

  it('is the first in the list, whichever process comes up first', async () => {
    await fc.assert(
      fc
        .asyncProperty(bootAtMs, fc.integer(), async (delays, randomSeed) => {
          cluster = await startCluster({}, { bootAtMs: delays, randomSeed });
          await cluster.wait(11_000);
          expect(cluster.events.filter((text) => text.includes(': leads,'))).toEqual(['registry us-east: leads, epoch 1']);
        })
        .afterEach(() => cluster.stop()),
      { numRuns: 40 },
    );
  });
});

describe('a leader that dies', () => {
  it('is replaced within two leases; with replication in sync nothing that was acknowledged is gone', async () => {
    cluster = await startCluster({ replication: 'sync' });
    await publish('two', 1);
    cluster.kill('us-east');
    const killedAtMs = performance.now();
    const published = await publish('three', 2, 'us-west');
    expect(performance.now() - killedAtMs).toBeLessThan(4000);
    expect(published.epoch).toBeGreaterThan(1);
    expect((await download('us-west')).version).toBe(3);
  });

  it('takes with it what it has acknowledged and not shipped, with replication in the background', async () => {
    cluster = await startCluster({ replication: 'async', replicationIntervalMs: 5000 });
    await cluster.wait(5000);
    await publish('two', 1);
    cluster.kill('us-east');
    await cluster.wait(4000);
    expect((await resolve('us-west', { maxStalenessMs: 60_000 })).version).toBe(1);
  });

  it('follows its successor when it comes back, and drops what that does not have', async () => {
    cluster = await startCluster({ replication: 'async', replicationIntervalMs: 5000 });
    await cluster.wait(5000);
    await publish('two', 1);
    cluster.kill('us-east');
    await publish('other two', 1, 'us-west');
    await cluster.run(cluster.restart('us-east'));
    await cluster.wait(12_000);
    expect(await cluster.status('us-east')).toMatchObject({ role: 'replica' });
    expect((await download('us-east')).text).toContain('other two');
    expect(cluster.events.join('\n')).toContain('us-east: dropped 1 versions');
  });
});

describe('a leader that nobody reaches, while it reaches all', () => {
  it('gives up the lead to one that can be reached, and nothing that was acknowledged is gone', async () => {
    cluster = await startCluster();
    await publish('two', 1);
    // What it had just been given, the others know of and cannot get.
    const underWay = cluster.client('us-east').publish({ model: MODEL, bytes: artifactOf('lost'), expected: 2 }, within(20));
    underWay.catch(() => undefined);
    await cluster.wait(15);
    cluster.deafen('us-east');
    const deafAtMs = performance.now();
    expect((await publish('three', 2, 'us-west', 15_000)).region).not.toBe('us-east');
    expect(performance.now() - deafAtMs).toBeLessThan(9000);
    await cluster.wait(8000);
    expect(cluster.events.filter((text) => text.includes('us-east: leads,'))).toHaveLength(1);
    expect((await download('us-west')).version).toBe(3);
  });
});

describe('a vote', () => {
  const candidate = { from: 'europe-west', epoch: 9, isTrial: false, lastIndex: 99, lastEpoch: 9 };

  it('is refused while the leader is heard from, and given when it has been silent for a lease', async () => {
    cluster = await startCluster();
    expect(await cluster.ask('us-west', '/v1/peers/vote', candidate)).toMatchObject({ isGranted: false, epoch: 1 });
    cluster.isolate('us-west');
    await cluster.wait(2100);
    expect(await cluster.ask('us-west', '/v1/peers/vote', candidate)).toMatchObject({ isGranted: true, epoch: 9 });
  });

  it('is given once in an epoch', async () => {
    cluster = await startCluster();
    cluster.isolate('us-west');
    await cluster.wait(2100);
    await cluster.ask('us-west', '/v1/peers/vote', candidate);
    await cluster.wait(2100);
    const rival = { ...candidate, from: 'us-east' };
    expect(await cluster.ask('us-west', '/v1/peers/vote', rival)).toMatchObject({ isGranted: false });
  });

  it('is refused to one that has less', async () => {
    cluster = await startCluster();
    cluster.isolate('us-west');
    await cluster.wait(2100);
    const poor = { ...candidate, lastIndex: 1, lastEpoch: 1 };
    expect(await cluster.ask('us-west', '/v1/peers/vote', poor)).toMatchObject({ isGranted: false });
  });
});

describe('a fencing token', () => {
  it('of an earlier reign is refused', async () => {
    cluster = await startCluster();
    const old = { from: 'europe-west', epoch: 0, prevIndex: 0, prevId: '', entries: [], commitIndex: 0, visibleIndex: 0 };
    expect(await cluster.ask('us-west', '/v1/peers/append', old)).toMatchObject({ isFollowing: false, epoch: 1 });
  });
});

describe('a split brain', () => {
  it('is none with fencing: the side without a majority refuses when its lease is over', async () => {
    cluster = await startCluster({ replication: 'async' });
    cluster.partition(['us-east']);
    await cluster.wait(3500);
    expect(await cluster.status('us-east')).toMatchObject({ mayWrite: false });
    // Its neighbour goes on to the other side.
    expect((await publish('two', 1, 'us-east')).region).not.toBe('us-east');
    cluster.heal();
    await cluster.wait(3000);
    expect((await download('us-east')).text).toContain('two');
    expect((await cluster.status('us-east')).role).toBe('replica');
  });

  it('has two leaders without fencing, and one of two acknowledged versions is gone when it heals', async () => {
    cluster = await startCluster({ replication: 'async', fencing: false });
    await cluster.wait(1000);
    for (const region of ['us-west', 'europe-west']) {
      expect(await cluster.status(region)).toMatchObject({ role: 'replica', lastIndex: 2 });
    }
    cluster.partition(['us-east']);
    await cluster.wait(4000);
    expect((await publish('two of the east', 1, 'us-east')).region).toBe('us-east');
    expect((await publish('two of the west', 1, 'us-west')).region).toBe('us-west');
    cluster.heal();
    await cluster.wait(6000);
    for (const region of ['us-east', 'us-west', 'europe-west']) expect((await download(region)).text).toContain('east');
  });
});

describe('artifacts', () => {
  /** The disk is bad for a moment: what is on it is spoilt. */
  const spoil = async (region: string) => {
    await cluster.run(cluster.command(region, { type: 'corrupt-artifacts', isOn: true }));
    await cluster.run(cluster.command(region, { type: 'corrupt-artifacts', isOn: false }));
  };

  it('are acknowledged though the disk of the leader is bad, for the others have them', async () => {
    cluster = await startCluster({ replication: 'sync' });
    await cluster.run(cluster.command('us-east', { type: 'corrupt-artifacts', isOn: true }));
    await publish('two', 1);
    await cluster.wait(200);
    expect(await download('us-west')).toMatchObject({ version: 2, isGood: true, region: 'us-west' });
    expect(await download('us-east')).toMatchObject({ version: 2, isGood: true, region: 'us-west' });
  });

  it('are not acknowledged while a majority has bad disks', async () => {
    cluster = await startCluster({ replication: 'sync' });
    for (const region of ['us-west', 'europe-west']) {
      await cluster.run(cluster.command(region, { type: 'corrupt-artifacts', isOn: true }));
    }
    await expect(publish('two', 1, 'us-east', 3000)).rejects.toThrow('not within');
  });

  it('with wrong bytes are refused, and had from another replica', async () => {
    cluster = await startCluster({ scrubIntervalMs: 60_000 });
    await cluster.run(cluster.command('us-west', { type: 'corrupt-artifacts', isOn: true }));
    expect(await download('us-west')).toMatchObject({ version: 1, isGood: true, region: 'us-east' });
  });

  it('with wrong bytes are taken where nobody checks', async () => {
    cluster = await startCluster({ scrubIntervalMs: 60_000, verifyDigest: false });
    await cluster.run(cluster.command('us-west', { type: 'corrupt-artifacts', isOn: true }));
    expect(await download('us-west')).toMatchObject({ version: 1, isGood: false, region: 'us-west' });
  });

  it('are repaired from another replica by the next scrub', async () => {
    cluster = await startCluster({ scrubIntervalMs: 1000 });
    await spoil('us-west');
    await cluster.wait(1500);
    expect(await download('us-west')).toMatchObject({ isGood: true, region: 'us-west' });
    expect(cluster.events.join('\n')).toContain('repaired from a replica');
  });

  it('that are wrong everywhere are restored from the backup', async () => {
    cluster = await startCluster({ scrubIntervalMs: 1000, backupIntervalMs: 1000 });
    await publish('two', 1);
    await cluster.wait(1500);
    for (const region of ['us-east', 'us-west', 'europe-west']) await spoil(region);
    await cluster.wait(2000);
    expect(await download('us-west')).toMatchObject({ version: 2, isGood: true });
    expect(cluster.events.join('\n')).toContain('restored from the backup');
  });

  it('that are wrong everywhere are lost without a backup', async () => {
    cluster = await startCluster({ scrubIntervalMs: 1000, backupIntervalMs: 0 });
    for (const region of ['us-east', 'us-west', 'europe-west']) await spoil(region);
    await cluster.wait(2000);
    await expect(download('us-west')).rejects.toMatchObject({ kind: 'corrupt' });
  });
});

describe('a registry that has lost everything', () => {
  const eraseAll = () =>
    cluster.run(Promise.all(['us-east', 'us-west', 'europe-west'].map((region) => cluster.command(region, { type: 'erase' }))));

  it('is had back from the backup, up to the last one', async () => {
    cluster = await startCluster({ backupIntervalMs: 3000 });
    await publish('two', 1);
    await cluster.wait(3100);
    await publish('three', 2);
    await eraseAll();
    await cluster.wait(5000);
    expect(await download('us-west')).toMatchObject({ version: 2, isGood: true });
    expect((await publish('four', 2)).version).toBe(3);
  });

  it('begins anew without a backup', async () => {
    cluster = await startCluster({ backupIntervalMs: 0 });
    await publish('two', 1);
    await eraseAll();
    await cluster.wait(5000);
    expect((await resolve('us-west')).version).toBe(1);
  });

  it('of one replica has it back from the others', async () => {
    cluster = await startCluster();
    await publish('two', 1);
    await cluster.run(cluster.command('us-west', { type: 'erase' }));
    await cluster.wait(3000);
    expect(await download('us-west')).toMatchObject({ version: 2, region: 'us-west', isGood: true });
  });
});

describe('a replica that applies nothing', () => {
  it('is passed over once it may be too far behind', async () => {
    cluster = await startCluster({ maxStalenessMs: 2000 });
    await cluster.run(cluster.command('us-west', { type: 'hold', isHeld: true }));
    await publish('two', 1);
    await cluster.wait(2500);
    expect(await resolve('us-west')).toMatchObject({ version: 2, region: 'us-east' });
  });

  it('is believed where staleness is not asked for', async () => {
    cluster = await startCluster({ maxStalenessMs: 86_400_000 });
    await cluster.run(cluster.command('us-west', { type: 'hold', isHeld: true }));
    await publish('two', 1);
    await cluster.wait(2500);
    expect(await resolve('us-west')).toMatchObject({ version: 1, region: 'us-west' });
  });

  it('catches up when it is let go', async () => {
    cluster = await startCluster({ maxStalenessMs: 2000 });
    await cluster.run(cluster.command('us-west', { type: 'hold', isHeld: true }));
    await publish('two', 1);
    await cluster.run(cluster.command('us-west', { type: 'hold', isHeld: false }));
    await cluster.wait(1000);
    expect(await resolve('us-west')).toMatchObject({ version: 2, region: 'us-west' });
  });
});
