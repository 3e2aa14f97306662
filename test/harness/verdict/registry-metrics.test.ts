import { describe, expect, it } from 'vitest';
import type { RegistryPlan } from '../../../harness/scenario/scenario.ts';
import { phaseFacts, runFacts } from '../../../harness/verdict/facts.ts';
import { metrics } from '../../../harness/verdict/metrics.ts';
import { phasesOf } from '../../../harness/verdict/phases.ts';
import type { TimedNodeRecord } from '../../../harness/world/world.ts';
import { aFault, aRecord, aScenario } from '../../support/records.ts';

const registry: RegistryPlan = {
  model: 'digits-small',
  alias: 'production',
  regions: ['us-east', 'us-west'],
  backupRegion: 'us-west',
  publish: { everyMs: 1000, regions: ['us-east'] },
  read: null,
  staleAfterMs: 3000,
};

/** Of thirty seconds the fault has the middle third. */
const scenario = aScenario({ registry, faults: [aFault()] });

/** A publish that ended then; its version is its second. */
const publish = (second: number, overrides: object = {}): TimedNodeRecord => ({
  atMs: second * 1000,
  nodeId: 'stack/us-east/publisher',
  record: { type: 'registry-publish', tookMs: 50, version: second, digest: `digest-${second}`, failure: '', ...overrides },
});

const read = (second: number, version: number | null, isGood = true): TimedNodeRecord => ({
  atMs: second * 1000,
  nodeId: 'stack/us-east/reader',
  record: { type: 'registry-read', tookMs: 50, version, isGood, failure: version === null ? 'unavailable' : '' },
});

const seconds = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, at) => from + at);

/** What a replica holds in the end: all seconds but those. */
const auditWithout = (lost: readonly number[], more: object = {}) => {
  const kept = seconds(1, 30).filter((second) => !lost.includes(second));
  return {
    type: 'registry',
    mayWrite: true,
    epoch: 2,
    lastIndex: 30,
    versions: kept.map((second) => [second, `digest-${second}`]),
    good: kept.map((second) => `digest-${second}`),
    ...more,
  };
};

const measure = (
  metric: 'rpo' | 'rto' | 'lostVersions' | 'staleReads' | 'goodReads',
  nodeRecords: readonly TimedNodeRecord[],
  audits: Readonly<Record<string, unknown>>,
  phaseName = 'region-outage',
) => {
  const run = runFacts(scenario, { ...aRecord(), nodeRecords, audits });
  const phase = phasesOf(scenario.faults, scenario.durationMs).find(({ name }) => name === phaseName)!;
  return metrics[metric].measure(phaseFacts(phase, run), { success: 0.95, windowMs: 4000 });
};

const allGood = seconds(1, 30).map((second) => publish(second));

describe('versions that are lost', () => {
  it('are none where the registry has all in the end', () => {
    const audits = { a: auditWithout([]) };
    expect(measure('lostVersions', allGood, audits)).toMatchObject({ value: 0 });
    expect(measure('rpo', allGood, audits)).toMatchObject({ value: 0 });
  });

  it('are those that were acknowledged and are not there; from the oldest to the start of the fault is the recovery point', () => {
    const audits = { a: auditWithout([8, 9]) };
    expect(measure('lostVersions', allGood, audits)).toMatchObject({ value: 2, samples: 19 });
    expect(measure('rpo', allGood, audits)).toMatchObject({ value: 2000 });
  });

  it('go on to the newest where the fault itself takes some', () => {
    expect(measure('rpo', allGood, { a: auditWithout([8, 9, 15]) })).toMatchObject({ value: 7000 });
  });

  it('are also those whose number another has now', () => {
    const audit = auditWithout([]);
    const versions = audit.versions.map(([second, digest]) => [second, second === 9 ? 'another' : digest]);
    expect(measure('lostVersions', allGood, { a: { ...audit, versions } })).toMatchObject({ value: 1 });
  });

  it('are also those of whose artifact nobody has a good copy', () => {
    const audit = auditWithout([]);
    const good = audit.good.filter((digest) => digest !== 'digest-9');
    expect(measure('lostVersions', allGood, { a: { ...audit, good } })).toMatchObject({ value: 1 });
    expect(measure('lostVersions', allGood, { a: { ...audit, good }, b: audit })).toMatchObject({ value: 0 });
  });

  it('are judged by the replica that leads, else by the latest reign', () => {
    const old = auditWithout([], { mayWrite: false, epoch: 1 });
    const leader = auditWithout([9]);
    expect(measure('lostVersions', allGood, { old, leader })).toMatchObject({ value: 1 });
    const replica = auditWithout([8, 9], { mayWrite: false, epoch: 3 });
    expect(measure('lostVersions', allGood, { old, replica })).toMatchObject({ value: 2 });
  });

  it('were never acknowledged, and are none', () => {
    const failed = publish(9, { version: null, digest: '', failure: 'unavailable' });
    const records = [...allGood.filter(({ atMs }) => atMs !== 9000), failed];
    expect(measure('lostVersions', records, { a: auditWithout([9]) })).toMatchObject({ value: 0 });
  });

  it('cannot be told where no replica could be looked at', () => {
    expect(measure('lostVersions', allGood, {})).toMatchObject({ type: 'unmeasurable' });
    expect(measure('rpo', allGood, {})).toMatchObject({ type: 'unmeasurable' });
  });
});

describe('the time until a registry works again', () => {
  const refused = (second: number) => publish(second, { version: null, digest: '', failure: 'unavailable' });
  const audits = { a: auditWithout([]) };

  it('is nothing where nothing was refused', () => {
    expect(measure('rto', allGood, audits)).toMatchObject({ value: 0 });
  });

  it('ends with the first success that holds', () => {
    const records = seconds(1, 30).map((second) => (second >= 10 && second < 14 ? refused(second) : publish(second)));
    expect(measure('rto', records, audits)).toMatchObject({ value: 4000 });
  });

  it('waits for reads as well, and a read of wrong bytes or of the past is none', () => {
    const reads = seconds(1, 30).map((second) => read(second, second, second < 10 || second >= 16));
    expect(measure('rto', [...allGood, ...reads], audits)).toMatchObject({ value: 6000 });
    const stale = seconds(1, 30).map((second) => read(second, second >= 10 && second < 18 ? 5 : second));
    expect(measure('rto', [...allGood, ...stale], audits)).toMatchObject({ value: 8000 });
  });

  it('never comes where it is refused to the end', () => {
    const records = seconds(1, 30).map((second) => (second >= 10 ? refused(second) : publish(second)));
    expect(measure('rto', records, audits)).toMatchObject({ type: 'never' });
  });
});

describe('reads', () => {
  it('are stale that tell of an older version than one acknowledged long before', () => {
    const reads = seconds(11, 20).map((second) => read(second, 9));
    // Version 10 was acknowledged at 10 s: whoever begins to read from 13 s on should be told of it.
    expect(measure('staleReads', [...allGood, ...reads], {})).toMatchObject({ value: 6 / 9, samples: 9 });
  });

  it('are good that give the bytes that were published', () => {
    const reads = [...seconds(11, 15).map((second) => read(second, second)), read(15, 15, false), read(16, null, false)];
    expect(measure('goodReads', reads, {})).toMatchObject({ value: 4 / 6, samples: 6 });
  });
});

it('needs a registry', () => {
  const bare = aScenario();
  const run = runFacts(bare, aRecord());
  const [, phase] = phasesOf(bare.faults, bare.durationMs);
  for (const metric of ['rpo', 'rto', 'lostVersions', 'staleReads', 'goodReads'] as const) {
    expect(metrics[metric].measure(phaseFacts(phase!, run), { success: 0.95, windowMs: 4000 }).type).toBe('unmeasurable');
  }
});
