import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../harness/load/sample.ts';
import type { Scenario } from '../../../harness/scenario/scenario.ts';
import { judge } from '../../../harness/verdict/judge.ts';
import { defaultObjective } from '../../../harness/verdict/restoration.ts';
import type { RunEnd, RunRecord } from '../../../harness/world/world.ts';
import {
  aFault,
  aLoad,
  aPlan,
  aRecord,
  aRequest,
  aUsageSample,
  PRIMARY,
  requestsAt,
  SECONDARY,
  unanswered,
} from '../../support/records.ts';

const judged = (scenario: Partial<Scenario>, record: Partial<RunRecord> = {}) => judge(aPlan(scenario), aRecord(record));
const steadyState: Scenario['steadyState'] = [{ phase: 'baseline', metric: 'availability', min: 0.99 }];

/** All is well, but in the outage requests due before `untilMs` fail, and later ones are served by the second region. */
const failedOver = (untilMs: number, failure: Partial<RequestRecord> = unanswered): readonly RequestRecord[] => [
  ...requestsAt(100, 0, 10_000),
  ...requestsAt(100, 10_000, untilMs, failure),
  ...requestsAt(100, untilMs, 20_000, { servedBy: SECONDARY, latencyMs: 60 }),
  ...requestsAt(100, 20_000, 30_000),
];

describe('what a report measures of a phase', () => {
  it('given an outage that is failed over, then each phase has its own numbers', () => {
    const report = judged({}, { requests: failedOver(11_000) });
    const [baseline, outage, recovery] = report.phases;
    expect(baseline).toMatchObject({ name: 'baseline', requests: 1000, availability: 1, servedBy: { [PRIMARY]: 1000 } });
    expect(outage).toMatchObject({
      name: 'region-outage',
      requests: 1000,
      succeeded: 900,
      outcomes: { ok: 900, 'connection-error': 100, timeout: 0, 'http-error': 0 },
      availability: 0.9,
      goodputPerS: 90,
      failoverTimeMs: 1000,
      recoveryTimeMs: 0,
      servedBy: { [SECONDARY]: 900 },
    });
    expect(outage?.latencyMs?.p99).toBeCloseTo(60, 0);
    expect(recovery).toMatchObject({ name: 'recovery', requests: 1000, availability: 1 });
    expect(recovery).not.toHaveProperty('failoverTimeMs');
    expect(report.overall).toMatchObject({ name: 'all', requests: 3000, succeeded: 2900 });
  });

  it('leaves warm-up out, and puts a request where it was due, not where it ended', () => {
    const requests = [aRequest({ dueMs: -1 }), aRequest({ dueMs: 9999, endMs: 10_500 }), aRequest({ dueMs: 30_000 })];
    const report = judged({}, { requests });
    expect(report.phases.map((phase) => phase.requests)).toEqual([1, 0, 0]);
    expect(report.overall.requests).toBe(1);
  });

  it('given an answer after the time-out, then it counts as a time-out and is no success', () => {
    const requests = [aRequest({ dueMs: 0, endMs: 2000 }), aRequest({ dueMs: 0, endMs: 2001 })];
    expect(judged({}, { requests }).phases[0]).toMatchObject({
      succeeded: 1,
      outcomes: { ok: 1, timeout: 1 },
      availability: 0.5,
    });
  });

  it('counts a timed-out request in the percentiles, at the time it was given up', () => {
    const requests = [
      ...requestsAt(100, 0, 9800),
      ...requestsAt(100, 9800, 10_000, { ...unanswered, outcome: 'timeout', latencyMs: 2000 }),
    ];
    expect(judged({}, { requests }).phases[0]?.latencyMs?.p99).toBeCloseTo(2000, -1);
  });

  it('counts a slow answer as available, not as goodput', () => {
    const requests = [...requestsAt(10, 0, 5000), ...requestsAt(10, 5000, 10_000, { latencyMs: 301 })];
    expect(judged({}, { requests }).phases[0]).toMatchObject({ availability: 1, goodputPerS: 5 });
  });

  it('takes degraded share and accuracy of the successful answers', () => {
    const requests = [
      ...requestsAt(10, 0, 6000),
      ...requestsAt(10, 6000, 8000, { degraded: 'fallback-model', servedBy: 'local/fallback-model', isCorrect: false }),
      ...requestsAt(10, 8000, 10_000, unanswered),
    ];
    expect(judged({}, { requests }).phases[0]).toMatchObject({
      degradedShare: 0.25,
      accuracy: 0.75,
      servedBy: { [PRIMARY]: 60, 'local/fallback-model': 20 },
    });
  });

  it('divides the cost of a phase by its successes', () => {
    const usage = [aUsageSample(0, 0.5), aUsageSample(10_000, 1), aUsageSample(20_000, 4), aUsageSample(30_000, 4)];
    const report = judged({}, { usage });
    expect(report.phases.map(({ costUsd }) => costUsd)).toEqual([0.5, 3, 0]);
    expect(report.phases.map(({ costUsdPer1k }) => costUsdPer1k)).toEqual([0.5, 3, 0]);
  });

  it('given no requests at all, then there are no numbers rather than zeros', () => {
    expect(judged({}, { requests: [] }).phases[1]).toMatchObject({
      requests: 0,
      availability: null,
      latencyMs: null,
      degradedShare: null,
      accuracy: null,
      costUsdPer1k: null,
    });
  });
});

describe('failover and recovery time', () => {
  const expectTime = (metric: 'failoverTime' | 'recoveryTime', requests: readonly RequestRecord[], phase = 'region-outage') =>
    judged({ expectations: [{ phase, metric, max: 3000, objective: { success: 0.99, windowMs: 2000 } }] }, { requests })
      .expectations[0];

  it('given degraded answers after the outage began, then they are no failover', () => {
    const requests = failedOver(13_000, { degraded: 'cached-prediction', servedBy: 'local/cached-prediction' });
    expect(expectTime('failoverTime', requests)).toMatchObject({ actual: 3000, outcome: 'met' });
  });

  it('given no success before the fault ends, then failover was never reached and the expectation is broken', () => {
    const result = expectTime('failoverTime', failedOver(20_000));
    expect(result).toMatchObject({ actual: null, outcome: 'broken', samples: 1000 });
    expect(result?.text).toBe(
      'failoverTime in region-outage was never reached (undegraded success did not hold at 99 % for 2 s), required <= 3000 ms (n=1000)',
    );
  });

  it('times a phase by the objective that is expected of it, and says which', () => {
    const strict = { success: 1, windowMs: 4000 };
    const requests = failedOver(11_000).map((request) => (request.dueMs === 14_000 ? { ...request, ...unanswered } : request));
    const expected = judged(
      { expectations: [{ phase: 'region-outage', metric: 'failoverTime', max: 1, objective: strict }] },
      { requests },
    );
    expect(expected.phases[1]).toMatchObject({
      failoverTimeMs: 4010,
      objectives: { failoverTime: strict, recoveryTime: defaultObjective },
    });
    expect(judged({}, { requests }).phases[1]).toMatchObject({
      failoverTimeMs: 1000,
      objectives: { failoverTime: defaultObjective },
    });
  });

  it('given success that returns after the fault, then recovery counts from the end of the fault', () => {
    const requests = [
      ...requestsAt(100, 0, 10_000),
      ...requestsAt(100, 10_000, 21_500, unanswered),
      ...requestsAt(100, 21_500, 30_000),
    ];
    expect(expectTime('recoveryTime', requests)).toMatchObject({ actual: 1500, outcome: 'met' });
    expect(expectTime('recoveryTime', requests, 'recovery')).toMatchObject({ actual: 1500, outcome: 'met' });
  });

  it('given several faults, then the whole timeline has the longest time', () => {
    const faults = [aFault({ name: 'first', atMs: 5000, forMs: 5000 }), aFault({ name: 'second', atMs: 15_000, forMs: 5000 })];
    const requests = [
      ...requestsAt(100, 0, 5000),
      ...requestsAt(100, 5000, 5500, unanswered),
      ...requestsAt(100, 5500, 15_000),
      ...requestsAt(100, 15_000, 16_000, unanswered),
      ...requestsAt(100, 16_000, 30_000),
    ];
    const report = judged({ faults, expectations: [{ phase: 'all', metric: 'failoverTime', max: 800 }] }, { requests });
    expect(report.phases.filter(({ kind }) => kind === 'fault').map(({ failoverTimeMs }) => failoverTimeMs)).toEqual([500, 1000]);
    expect(report.expectations[0]).toMatchObject({ actual: 1000, outcome: 'broken' });
  });

  it('given a fault shorter than the window, then it is unmeasurable, with the reason', () => {
    const report = judged({
      faults: [aFault({ forMs: 1000 })],
      expectations: [{ phase: 'region-outage', metric: 'failoverTime', max: 500 }],
    });
    expect(report.phases[1]).not.toHaveProperty('failoverTimeMs');
    expect(report.verdict).toEqual({
      outcome: 'invalid',
      reasons: ["failoverTime in region-outage can't be judged: region-outage leaves 1 s, and success must hold for 2 s"],
    });
  });

  it('given a fault to the very end, then recovery is unmeasurable', () => {
    const report = judged({
      faults: [aFault({ forMs: 20_000 })],
      expectations: [{ phase: 'region-outage', metric: 'recoveryTime', max: 500 }],
    });
    expect(report.expectations[0]?.text).toBe(
      "recoveryTime in region-outage can't be judged: the timeline after region-outage leaves 0 s, and success must hold for 2 s",
    );
  });

  it('given a phase without a fault, then failover time is not measured there', () => {
    const report = judged({ expectations: [{ phase: 'baseline', metric: 'failoverTime', max: 500 }] });
    expect(report.expectations[0]).toMatchObject({
      outcome: 'unmeasurable',
      text: "failoverTime in baseline can't be judged: it is measured in phases of kind fault, all, not baseline",
    });
  });
});

describe('verdict', () => {
  const expectations: Scenario['expectations'] = [
    { phase: 'region-outage', metric: 'availability', min: 0.95 },
    { phase: 'region-outage', metric: 'p99', max: 300 },
  ];

  it('given all expectations met, then passed', () => {
    const report = judged({ steadyState, expectations });
    expect(report.verdict).toEqual({ outcome: 'passed' });
    expect(report.expectations.map(({ isSteadyState, text }) => [isSteadyState, text])).toEqual([
      [true, 'availability in baseline was 100 %, required >= 99 % (n=1000)'],
      [false, 'availability in region-outage was 100 %, required >= 95 % (n=1000)'],
      [false, 'p99 in region-outage was 20 ms, required <= 300 ms (n=1000)'],
    ]);
  });

  it('given broken expectations, then failed, and a reason for each', () => {
    const requests = [...requestsAt(100, 0, 10_000), ...requestsAt(100, 10_000, 20_000, { ...unanswered, latencyMs: 812 })];
    expect(judged({ steadyState, expectations }, { requests }).verdict).toEqual({
      outcome: 'failed',
      reasons: [
        'availability in region-outage was 0 %, required >= 95 % (n=1000)',
        'p99 in region-outage was 812 ms, required <= 300 ms (n=1000)',
      ],
    });
  });

  it('given a baseline that did not hold, then invalid, whatever else broke', () => {
    const requests = requestsAt(100, 0, 30_000, unanswered);
    expect(judged({ steadyState, expectations }, { requests }).verdict).toEqual({
      outcome: 'invalid',
      reasons: ['steady state: availability in baseline was 0 %, required >= 99 % (n=1000)'],
    });
  });

  it('given too few samples for a percentile, then invalid, and how many were needed', () => {
    const requests = [...requestsAt(100, 0, 10_000), ...requestsAt(49.9, 10_000, 20_000)];
    expect(judged({ steadyState, expectations }, { requests }).verdict).toEqual({
      outcome: 'invalid',
      reasons: ["p99 in region-outage can't be judged: 499 requests, at least 500 are needed"],
    });
  });

  it.each([
    ['p5', 100],
    ['p50', 10],
    ['p95', 100],
    ['p99', 500],
    ['p999', 5000],
    ['availability', 20],
    ['goodput', 20],
  ] as const)('judges %s from %d requests on', (metric, minimum) => {
    const outcomeWith = (count: number) =>
      judged(
        { expectations: [{ phase: 'baseline', metric, min: 0 }] },
        { requests: Array.from({ length: count }, () => aRequest({ dueMs: 100 })) },
      ).verdict.outcome;
    expect([outcomeWith(minimum - 1), outcomeWith(minimum)]).toEqual(['invalid', 'passed']);
  });

  it('given an outage with no answers at all, then what broke fails the run though accuracy could not be measured', () => {
    const requests = [...requestsAt(100, 0, 10_000), ...requestsAt(100, 10_000, 20_000, unanswered)];
    const report = judged(
      { steadyState, expectations: [...expectations, { phase: 'region-outage', metric: 'accuracy', min: 0.9 }] },
      { requests },
    );
    expect(report.expectations.at(-1)?.outcome).toBe('unmeasurable');
    expect(report.verdict).toEqual({
      outcome: 'failed',
      reasons: ['availability in region-outage was 0 %, required >= 95 % (n=1000)'],
    });
  });

  it('given an expectation that can never hold, then it is measured and broken, not skipped', () => {
    const report = judged({ expectations: [{ phase: 'baseline', metric: 'availability', min: 1.5 }] });
    expect(report.expectations[0]).toMatchObject({ outcome: 'broken', actual: 1, samples: 1000 });
    expect(report.verdict.outcome).toBe('failed');
  });

  it('given an expectation on a phase that the timeline has no time for, then invalid', () => {
    const report = judged({
      faults: [aFault({ forMs: 20_000 })],
      expectations: [{ phase: 'recovery', metric: 'availability', min: 0.9 }],
    });
    expect(report.verdict).toEqual({
      outcome: 'invalid',
      reasons: ["availability in recovery can't be judged: the timeline leaves no time for this phase"],
    });
  });

  it('given meters that nobody read, then a budget is unmeasurable, not met', () => {
    const report = judged({ expectations: [{ phase: 'all', metric: 'budget', max: 1 }] }, { usage: [] });
    expect(report.expectations[0]?.text).toBe("budget in all can't be judged: the providers' meters were not read");
  });

  it('given a budget for the whole timeline, then it is judged by what the meters counted', () => {
    const report = judged({ expectations: [{ phase: 'all', metric: 'budget', max: 2.5 }] });
    expect(report.verdict).toEqual({ outcome: 'failed', reasons: ['budget in all was $3, required <= $2.5 (n=4)'] });
  });
});

describe('verdict on a run that ended early', () => {
  const expectations: Scenario['expectations'] = [
    { phase: 'region-outage', metric: 'availability', min: 0.5 },
    { phase: 'recovery', metric: 'availability', min: 0.5 },
  ];
  const endedBy = (end: RunEnd, requests = requestsAt(100, 0, 'atMs' in end ? end.atMs : 0)) =>
    judged({ steadyState, expectations }, { end, requests });

  it('given an interruption, then invalid', () => {
    expect(endedBy({ type: 'interrupted', atMs: 4200 }).verdict).toEqual({
      outcome: 'invalid',
      reasons: ['the run was interrupted at 4.2 s of 30 s'],
    });
  });

  it('given a broken harness, then invalid with its words, even when an expectation broke', () => {
    const requests = [...requestsAt(100, 0, 10_000), ...requestsAt(100, 10_000, 15_000, unanswered)];
    expect(endedBy({ type: 'broken', atMs: 15_000, text: 'the emulator of aws exited' }, requests).verdict).toEqual({
      outcome: 'invalid',
      reasons: ['the run broke at 15 s: the emulator of aws exited'],
    });
  });

  it('given a system under test that exits in baseline, then invalid', () => {
    expect(endedBy({ type: 'sut-exited', atMs: 5000, text: 'the gateway exited with code 1' }).verdict).toEqual({
      outcome: 'invalid',
      reasons: ['the system under test went away at 5 s: the gateway exited with code 1'],
    });
  });

  it('given a system under test that exits later, then failed, that first, and phases that were not reached are not judged', () => {
    const report = endedBy({ type: 'sut-exited', atMs: 15_000, text: 'the gateway exited with code 1' });
    expect(report.verdict).toEqual({
      outcome: 'failed',
      reasons: ['the system under test went away at 15 s: the gateway exited with code 1'],
    });
    expect(report.expectations.map(({ outcome }) => outcome)).toEqual(['met', 'met', 'unmeasurable']);
    expect(report.expectations.at(-1)?.text).toBe(
      "availability in recovery can't be judged: the run ended at 15 s, before this phase",
    );
    expect(report.phases.map(({ measuredMs }) => measuredMs)).toEqual([10_000, 5000, 0]);
  });

  it('given an exit soon after a fault began, then a failover that had no time to happen is not held against it', () => {
    const report = judged(
      { steadyState, expectations: [{ phase: 'region-outage', metric: 'failoverTime', max: 3000 }] },
      {
        end: { type: 'sut-exited', atMs: 11_000, text: 'out of memory' },
        requests: [...requestsAt(100, 0, 10_000), ...requestsAt(100, 10_000, 11_000, unanswered)],
      },
    );
    expect(report.expectations.at(-1)).toMatchObject({
      outcome: 'unmeasurable',
      text: "failoverTime in region-outage can't be judged: the run ended at 11 s",
    });
  });

  it('takes goodput over the time that was measured', () => {
    const report = endedBy({ type: 'sut-exited', atMs: 15_000, text: 'out of memory' });
    expect(report.phases[1]?.goodputPerS).toBe(100);
  });
});

describe('the report', () => {
  it('carries what a reader needs to place the numbers', () => {
    const report = judge(
      aPlan(),
      aRecord({
        events: [
          { atMs: 5, text: 'later' },
          { atMs: 1, text: 'sooner' },
        ],
      }),
      'sim',
    );
    expect(report).toMatchObject({
      scenario: 'region-outage',
      design: 'reference',
      world: 'sim',
      seed: 1,
      end: { type: 'completed' },
    });
    expect(report.events.map(({ text }) => text)).toEqual(['sooner', 'later']);
    expect(report.method).toMatch(/^Open-loop load with constant arrivals: latency counts from the time a request was due\./);
  });

  it('given closed-loop load, then it says that latency counts from sending', () => {
    const report = judged({ load: aLoad({ shape: { type: 'closed', connections: 8 } }) });
    expect(report.method).toContain('Closed-loop load on 8 connections: latency counts from the time a request was sent.');
  });

  it('takes nothing of a fault but what it lists: settings can hold secrets', () => {
    const report = judged({ faults: [aFault({ settings: { key: 'hunter2' } })] });
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });

  it('is plain JSON: it survives a round trip', () => {
    const report = judged({ steadyState, expectations: [{ phase: 'region-outage', metric: 'failoverTime', max: 1 }] });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('a run on a machine that was too busy', () => {
  const expectations: Scenario['expectations'] = [{ phase: 'region-outage', metric: 'availability', min: 0.99 }];
  /** As `failedOver`, but the given share of the requests leaves 150 ms after it was due. */
  const sentLate = (requests: readonly RequestRecord[], share: number) =>
    requests.map((request, index) => (index % 100 < share * 100 ? { ...request, sentMs: request.dueMs + 150 } : request));

  it('given a broken expectation and a load that left late, then the run is invalid and says why first', () => {
    const { verdict } = judged({ steadyState, expectations }, { requests: sentLate(failedOver(12_000), 0.1) });
    expect(verdict).toMatchObject({
      outcome: 'invalid',
      reasons: [
        'the machine was too busy to judge by: 10 % of the requests were sent more than 100 ms after they were due (n=3000)',
        expect.stringContaining('availability in region-outage'),
      ],
    });
  });

  it('given few late requests, then a broken expectation fails the run', () => {
    const { verdict } = judged({ steadyState, expectations }, { requests: sentLate(failedOver(12_000), 0.04) });
    expect(verdict.outcome).toBe('failed');
  });

  it('given every expectation met all the same, then the run has passed: lateness only makes it harder', () => {
    const { verdict } = judged({ steadyState, expectations }, { requests: sentLate(failedOver(10_050), 0.5) });
    expect(verdict.outcome).toBe('passed');
  });

  it('given a baseline that did not hold, then the load is named as the likely reason', () => {
    const requests = sentLate([...requestsAt(100, 0, 10_000, unanswered), ...requestsAt(100, 10_000, 30_000)], 0.2);
    const { verdict } = judged({ steadyState, expectations }, { requests });
    expect(verdict).toMatchObject({
      outcome: 'invalid',
      reasons: [expect.stringContaining('too busy'), expect.stringContaining('steady state')],
    });
  });

  it('given a system under test that went away, then that is the failure, however busy the machine was', () => {
    const end: RunEnd = { type: 'sut-exited', atMs: 15_000, text: 'the gateway exited with code 1' };
    const { verdict } = judged({ steadyState, expectations }, { end, requests: sentLate(failedOver(12_000), 0.5) });
    expect(verdict).toMatchObject({ outcome: 'failed', reasons: [expect.stringContaining('went away'), expect.anything()] });
  });
});
