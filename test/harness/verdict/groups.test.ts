import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../../harness/scenario/scenario.ts';
import { scopeOf } from '../../../harness/verdict/groups.ts';
import { judge } from '../../../harness/verdict/judge.ts';
import { aLoad, aPlan, aRecord, requestsAt } from '../../support/records.ts';

const shed = { outcome: 'http-error', status: 503, isShed: true, servedBy: '', isCorrect: null } as const;

const surge = { name: 'surge', atMs: 10_000, forMs: 10_000, everyMs: 0, count: 1, multiplier: 5, addPerS: 0 };
const load = aLoad({
  tenants: [
    { name: 'calm', share: 0.5, priority: 'critical' },
    { name: 'noisy', share: 0.5, priority: 'default', bursts: [surge] },
  ],
});

/** The noisy tenant is refused in four requests of five while it bursts; the calm one in none. */
const requests = [
  ...requestsAt(50, 0, 30_000, { tenant: 'calm', priority: 'critical' }),
  ...requestsAt(50, 0, 30_000, { tenant: 'noisy' }),
  ...requestsAt(200, 10_000, 20_000, { tenant: 'noisy', ...shed }),
];

const judged = (expectations: readonly Expectation[]) =>
  judge(aPlan({ load, faults: [], expectations }), aRecord({ requests: [...requests] }));

describe('what is expected of some of the requests', () => {
  it('is judged by theirs alone, and said so', () => {
    const { verdict, expectations } = judged([
      { phase: 'surge', metric: 'availability', min: 0.99, group: { tenant: 'calm' } },
      { phase: 'surge', metric: 'goodput', min: 49, group: { priority: 'critical' } },
      { phase: 'surge', metric: 'availability', min: 0.9, group: { tenant: 'noisy' } },
      { phase: 'surge', metric: 'shedShare', max: 0.5 },
    ]);
    expect(expectations.filter(({ isSteadyState }) => !isSteadyState).map(({ outcome }) => outcome)).toEqual([
      'met',
      'met',
      'broken',
      'broken',
    ]);
    expect(verdict).toMatchObject({
      outcome: 'failed',
      reasons: [expect.stringContaining('availability in surge (tenant noisy) was 20 %'), expect.stringContaining('66.67 %')],
    });
  });

  it('cannot be met by too few of them, nor by those of nobody', () => {
    const { verdict } = judged([{ phase: 'surge', metric: 'availability', min: 0.5, group: { priority: 'sheddable' } }]);
    expect(verdict.outcome).toBe('invalid');
  });

  it('has a scope in words', () => {
    expect(scopeOf({ phase: 'all' })).toBe('all');
    expect(scopeOf({ phase: 'all', group: { tenant: 'calm' } })).toBe('all (tenant calm)');
    expect(scopeOf({ phase: 'noise', group: { priority: 'critical' } })).toBe('noise (priority critical)');
  });
});

describe('a named burst', () => {
  it('is a phase: what comes before is the baseline, what comes after is recovery', () => {
    const { phases, overall } = judged([]);
    expect(phases.map(({ name, kind, windows }) => [name, kind, windows])).toEqual([
      ['baseline', 'baseline', [{ startMs: 0, endMs: 10_000 }]],
      ['surge', 'burst', [{ startMs: 10_000, endMs: 20_000 }]],
      ['recovery', 'recovery', [{ startMs: 20_000, endMs: 30_000 }]],
    ]);
    expect(overall.shedShare).toBeCloseTo(0.4);
  });

  it('reports each tenant and priority of the load by itself', () => {
    const { phases } = judged([]);
    expect(phases[1]!.groups).toMatchObject([
      { group: { tenant: 'calm' }, requests: 500, availability: 1, shedShare: 0 },
      { group: { tenant: 'noisy' }, requests: 2500, availability: 0.2, shedShare: 0.8 },
      { group: { priority: 'critical' }, requests: 500 },
      { group: { priority: 'default' }, requests: 2500 },
    ]);
  });
});
