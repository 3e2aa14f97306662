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
    const facts = residencyFacts({ load, topology }, { usage })!;
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
    const facts = residencyFacts({ load, topology: unknown }, { usage: usage.slice(0, 1) })!;
    expect(facts.places).toMatchObject([{ tenant: 'clinic', to: null, by: null, rows: 5 }]);
  });

  it('is not asked where nobody has to stay, or no endpoint was read', () => {
    expect(residencyFacts({ load: { tenants: [tenants[2]] } as never, topology }, { usage })).toBeUndefined();
    expect(residencyFacts({ load, topology }, { usage: [] })).toBeUndefined();
  });
});
