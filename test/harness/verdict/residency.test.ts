import { describe, expect, it } from 'vitest';
import { residencyFacts, strayedRows } from '../../../harness/verdict/residency.ts';
import type { UsageSample } from '../../../harness/world/world.ts';

const NO_USE = {
  predictions: 0,
  answers: 0,
  busyMs: 0,
  egressBytes: 0,
  cost: { computeUsd: 0, requestsUsd: 0, egressUsd: 0, storageUsd: 0 },
};
const row = (provider: 'aws' | 'google', region: string, subjects: Readonly<Record<string, number>>) => ({
  ...NO_USE,
  provider,
  region,
  service: 'model',
  subjects,
});
const usage: readonly UsageSample[] = [
  {
    atMs: 0,
    rows: [row('aws', 'eu-central-1', { clinic: 5 }), row('google', 'asia-northeast1', {}), row('aws', 'us-east-1', {})],
  },
  {
    atMs: 9000,
    rows: [
      row('aws', 'eu-central-1', { clinic: 50, bank: 40 }),
      row('google', 'asia-northeast1', { bank: 7 }),
      row('aws', 'us-east-1', { clinic: 3 }),
    ],
  },
];
const region = (provider: 'aws' | 'google', name: string, country?: string) => ({
  provider,
  region: name,
  ...(country === undefined ? {} : { country }),
});
const topology = {
  gatewayRegion: 'eu-central',
  regions: [region('aws', 'eu-central-1', 'DE'), region('google', 'asia-northeast1', 'JP'), region('aws', 'us-east-1', 'US')],
} as never;
const tenants = [
  { name: 'clinic', share: 0.5, priority: 'default', residency: { within: 'EU', transfers: [] } },
  { name: 'bank', share: 0.3, priority: 'default', residency: { within: 'EU', transfers: ['adequacy'] } },
  { name: 'shop', share: 0.2, priority: 'default' },
];
const load = { tenants } as never;

describe('where data has been', () => {
  it('is told by tenant and endpoint, with the right that it had, and when it was first seen', () => {
    const facts = residencyFacts({ load, topology }, { usage, requests: [] })!;
    expect(facts.places.map(({ tenant, from, to, rows, by, seenByMs }) => [tenant, from, to, rows, by, seenByMs])).toEqual([
      ['clinic', 'DE', 'DE', 50, 'home', 0],
      ['clinic', 'DE', 'US', 3, null, 9000],
      ['bank', 'DE', 'DE', 40, 'home', 9000],
      ['bank', 'DE', 'JP', 7, 'adequacy', 9000],
    ]);
    expect(facts.rows).toBe(100);
    expect(strayedRows(facts)).toBe(3);
  });

  it('has no right in a region of which nobody knows where it stands', () => {
    const unknown = { ...(topology as object), regions: [region('aws', 'eu-central-1')] } as never;
    const facts = residencyFacts({ load, topology: unknown }, { usage: usage.slice(0, 1), requests: [] })!;
    expect(facts.places).toMatchObject([{ tenant: 'clinic', to: null, by: null, rows: 5 }]);
  });

  it('is not asked where nobody has to stay, or no endpoint was read', () => {
    expect(residencyFacts({ load: { tenants: [tenants[2]] } as never, topology }, { usage, requests: [] })).toBeUndefined();
    expect(residencyFacts({ load, topology }, { usage: [], requests: [] })).toBeUndefined();
  });

  it('is told of datasets by the copies that nodes keep, and by the rows that callers were given', () => {
    const dataset = { name: 'patients', kind: 'patients', rows: 500, seed: 1, readers: [], analysts: [] };
    const data = {
      datasets: [{ ...dataset, regions: ['eu-west', 'us-east'], residency: { within: 'EU', transfers: [] } }],
      callers: [],
      dayMs: 1000,
    } as never;
    const read = (servedFrom: string, callerRegion: string, rows: number) =>
      ({ endMs: 10, read: { id: 'x', dataset: 'patients', rows, servedFrom, callerRegion } }) as never;
    const keeps = (names: readonly string[]) => ({ type: 'data', keeps: names, entries: null, checkpoints: [], publicKey: '' });
    const facts = residencyFacts(
      { load: {} as never, topology, data },
      {
        usage: [],
        requests: [
          read('eu-west', 'eu-west', 20),
          read('eu-west', 'eu-west', 20),
          read('eu-west', 'us-east', 7),
          read('us-east', '', 1),
        ],
        audits: {
          'stack/eu-west/data': keeps(['patients']),
          'stack/us-east/data': keeps(['patients']),
          'stack/us-west/data': keeps([]),
        },
      },
    )!;
    expect(facts.places.map(({ what, from, to, rows, by }) => [what, from, to, rows, by])).toEqual([
      ['copy', 'IE', 'IE', 500, 'home'],
      ['copy', 'IE', 'US', 500, null],
      ['read', 'IE', 'IE', 40, 'home'],
      ['read', 'IE', 'US', 7, null],
      ['read', 'US', null, 1, null],
    ]);
    expect(strayedRows(facts)).toBe(508);
  });
});
