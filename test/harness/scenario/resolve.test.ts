import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { resolveScenario } from '../../../harness/scenario/resolve.ts';
import type { Scenario } from '../../../harness/scenario/scenario.ts';
import type { ScenarioFile } from '../../../harness/scenario/schema.ts';
import { designPatches } from '../../../harness/serving/design/designs.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';
import { goodScenario } from '../../support/scenario-file.ts';

const scenarioOf = (content: unknown): Scenario => {
  const { scenario, problems } = resolveScenario(content, 'my-file');
  expect(problems).toBeUndefined();
  return scenario!;
};

const withChanges = (changes: Partial<ScenarioFile>): Scenario => scenarioOf({ ...parse(goodScenario), ...changes });

describe('a scenario file', () => {
  it('gives a scenario in milliseconds and shares', () => {
    expect(scenarioOf(parse(goodScenario))).toMatchObject({
      name: 'my-file',
      title: 'An outage',
      load: {
        model: 'digits',
        timeoutMs: 2000,
        goodWithinMs: 2000,
        shape: { type: 'open', arrivals: 'poisson', stages: [{ forMs: 20_000, fromPerS: 50, toPerS: 50 }] },
      },
      warmupMs: 1000,
      durationMs: 20_000,
      faults: [
        {
          name: 'region-outage',
          kind: 'region-outage',
          targets: ['aws/us-east-1'],
          atMs: 5000,
          forMs: 5000,
          probability: 1,
          settings: { mode: 'blackhole' },
        },
      ],
      steadyState: [{ phase: 'baseline', metric: 'availability', min: 0.99 }],
      expectations: [
        { phase: 'region-outage', metric: 'availability', min: 0.9 },
        { phase: 'region-outage', metric: 'failoverTime', max: 3000, objective: { success: 0.99, windowMs: 2000 } },
      ],
    });
  });

  it('has round trips and prices looked up, or its own', () => {
    const { regions } = withChanges({
      topology: {
        gateway: 'us-west',
        capacity: { concurrency: 2 },
        regions: ['aws/us-east-1', { region: 'azure/moonbase', rtt: '2s', usdPerHour: 99, capacity: { serviceTime: '50ms' } }],
      },
    }).topology;
    expect(regions[0]).toMatchObject({
      rttMs: 68,
      instanceType: 'ml.g4dn.xlarge',
      instanceUsdPerHour: 0.7364,
      capacity: { concurrency: 2 },
    });
    expect(regions[1]).toMatchObject({ rttMs: 2000, instanceUsdPerHour: 99, capacity: { concurrency: 2, serviceTimeMs: 50 } });
  });

  it('starts a stage where the one before ended', () => {
    const load = {
      stages: [
        { for: '5s', to: 10 },
        { for: '5s', to: '20/s' },
        { for: '5s', from: '1/s', to: '2/s' },
      ],
    };
    expect(withChanges({ load }).load.shape).toEqual({
      type: 'open',
      arrivals: 'poisson',
      stages: [
        { forMs: 5000, fromPerS: 10, toPerS: 10 },
        { forMs: 5000, fromPerS: 10, toPerS: 20 },
        { forMs: 5000, fromPerS: 1, toPerS: 2 },
      ],
    });
  });

  it('has bursts with as many starts as the timeline has room for', () => {
    const bursts = [
      { at: '2s', for: '500ms', every: '6s', multiplier: 4 },
      { at: '1s', for: '1s', add: '60/m' },
    ];
    expect(withChanges({ load: { rate: 10, bursts } }).load.shape).toEqual({
      type: 'open',
      arrivals: 'poisson',
      stages: [{ forMs: 20_000, fromPerS: 10, toPerS: 10 }],
      bursts: [
        { atMs: 2000, forMs: 500, everyMs: 6000, count: 3, multiplier: 4, addPerS: 0 },
        { atMs: 1000, forMs: 1000, everyMs: 0, count: 1, multiplier: 1, addPerS: 1 },
      ],
    });
  });

  it('has the arrivals of a trace that fall on the timeline, as plain data', () => {
    const trace = { gapsUs: '0 10000000 5000000 40000000', speed: 0.5, source: 'somewhere' };
    const { load } = withChanges({ load: { trace } });
    expect(load.shape).toEqual({ type: 'open', arrivals: 'recorded', source: 'somewhere, at 0.5 times its speed', timesUs: [0] });
    const again = withChanges({ load: { trace: { ...trace, speed: 1, from: '5s', repeatEvery: '8s' } } });
    expect(again.load.shape).toMatchObject({
      source: 'somewhere, from 5s, again every 8s of it',
      timesUs: [5_000_000, 13_000_000],
    });
    expect(JSON.parse(JSON.stringify(again.load))).toEqual(again.load);
  });

  it('that has no place can name no trace file', () => {
    const { problems } = resolveScenario({ ...parse(goodScenario), load: { trace: 'arrivals.csv' } }, 'my-file');
    expect(problems).toEqual([{ path: ['load', 'trace', 'file'], message: expect.stringContaining('expected gapsUs') }]);
  });

  it('can have a closed loop, and no fault', () => {
    const scenario = withChanges({ load: { connections: 7 }, faults: [], expect: { all: { p50: { max: '1s' } } } });
    expect(scenario.load.shape).toEqual({ type: 'closed', connections: 7 });
    expect(scenario.faults).toEqual([]);
  });

  it('names faults by their kinds, each with a name of its own', () => {
    const fault = { kind: 'region-outage', target: 'aws', at: '1s', for: '1s' };
    const faults = [fault, { ...fault, name: 'region-outage-2' }, fault, { ...fault, name: 'mine' }];
    expect(withChanges({ faults }).faults.map(({ name }) => name)).toEqual([
      'region-outage',
      'region-outage-2',
      'region-outage-3',
      'mine',
    ]);
  });

  it('holds availability in the baseline where it says nothing, unless there is no baseline', () => {
    const { steadyState: _, ...content } = parse(goodScenario);
    expect(scenarioOf(content).steadyState).toEqual([{ phase: 'baseline', metric: 'availability', min: 0.99 }]);
    expect(scenarioOf({ ...content, faults: [{ ...content.faults[0], at: '0s' }] }).steadyState).toEqual([]);
  });

  it('changes the reference, and the shipped designs with it', () => {
    const { designs, design } = withChanges({
      design: { hedging: { after: '77ms' }, deadline: '900ms', circuitBreaker: false },
      designs: { unhedged: { hedging: false } },
      defaultDesign: 'unhedged',
    });
    expect(design).toBe('unhedged');
    expect(designs.reference).toEqual({
      ...referenceDesign,
      hedging: { afterMs: 77 },
      deadlineMs: 900,
      circuitBreaker: false,
    });
    expect(designs['no-failover']).toMatchObject({ deadlineMs: 900, circuitBreaker: false, routing: { failover: false } });
    expect(designs.unhedged).toMatchObject({ deadlineMs: 900, hedging: false });
    expect(Object.keys(designs)).toEqual(expect.arrayContaining(Object.keys(designPatches)));
  });

  it('leaves a policy off that it has switched off, unless a design of its own sets it', () => {
    const { designs } = withChanges({
      design: { healthChecks: false, hedging: false },
      designs: { hedged: { hedging: {} }, checked: { healthChecks: { interval: '3s' } } },
    });
    expect(designPatches['no-timeouts']?.patch.healthChecks).toBeTypeOf('object');
    expect(designs['no-timeouts']?.healthChecks).toBe(false);
    expect(designs.hedged).toMatchObject({ hedging: referenceDesign.hedging, healthChecks: false });
    expect(designs.checked?.healthChecks).toEqual({ ...(referenceDesign.healthChecks as object), intervalMs: 3000 });
  });

  it('gives back the durations, shares and rates that were written', () => {
    const thousandths = fc.integer({ min: 1, max: 1000 });
    const durationOf = (ms: number) => fc.constantFrom(`${ms}ms`, `${ms / 1000}s`, `${Math.floor(ms / 60_000)}m${ms % 60_000}ms`);
    const arbitrary = fc
      .record({
        atMs: fc.integer({ min: 1, max: 60_000 }),
        forMs: fc.integer({ min: 1, max: 60_000 }),
        probability: thousandths,
        rate: thousandths,
      })
      .chain((values) => fc.record({ values: fc.constant(values), at: durationOf(values.atMs), for: durationOf(values.forMs) }));
    fc.assert(
      fc.property(arbitrary, fc.boolean(), ({ values, at, for: length }, isPercent) => {
        const share = values.probability / 1000;
        const fault = {
          kind: 'latency-spike',
          target: 'aws',
          at,
          for: length,
          probability: isPercent ? `${share * 100}%` : share,
        };
        const { faults, load } = withChanges({
          duration: '2m',
          load: { rate: `${values.rate}/s` },
          faults: [fault],
          expect: { all: { p50: { max: '1s' } } },
        });
        expect(faults[0]).toMatchObject({ atMs: values.atMs, forMs: values.forMs });
        expect(faults[0]!.probability).toBeCloseTo(share, 12);
        expect(load.shape).toMatchObject({ stages: [{ toPerS: values.rate }] });
      }),
      { numRuns: 50 },
    );
  });
});
