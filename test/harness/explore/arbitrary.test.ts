import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schedulesArbitrary } from '../../../harness/explore/arbitrary/schedules.ts';
import { settingsArbitrary } from '../../../harness/explore/arbitrary/settings.ts';
import { roundSteps } from '../../../harness/explore/arbitrary/steps.ts';
import { mostRegionsOfAProvider, targetsArbitrary } from '../../../harness/explore/arbitrary/targets.ts';
import { exploreBounds } from '../../../harness/explore/bounds.ts';
import { draw } from '../../../harness/explore/draw.ts';
import { faultEntriesOf, faultsOf, linksTouchedBy } from '../../../harness/explore/schedule.ts';
import { faultKinds } from '../../../harness/faults/index.ts';
import { defineFaultKind, type FaultKind } from '../../../harness/faults/kind.ts';
import { resolveScenario } from '../../../harness/scenario/resolve.ts';
import { duration, rate, share } from '../../../harness/scenario/units.ts';
import { explorable, explorablePlan } from '../../support/explore.ts';

const plan = explorablePlan();
const bounds = exploreBounds(plan.scenario);
const schedules = schedulesArbitrary(plan.links, bounds);

describe('a schedule', () => {
  it('takes permissions of providers with one region alone, since others would lose all of theirs', () => {
    const kindsIn = (regions: readonly string[]) => {
      const { links, scenario } = explorablePlan({ topology: { regions: [...regions] } });
      const able = exploreBounds(scenario).kinds.filter((kind) => targetsArbitrary(kind, links, 1));
      return able.map(({ kind }) => kind);
    };
    expect(kindsIn(['aws/us-east-1', 'google/us-east4', 'google/us-central1'])).toContain('permission-revocation');
    expect(kindsIn(['aws/us-east-1', 'aws/us-west-2'])).not.toContain('permission-revocation');
  });

  it('is one that a scenario file can hold', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const { problems } = resolveScenario({ ...explorable, faults: faultEntriesOf(schedule) }, 'made-up');
        expect(problems).toBeUndefined();
      }),
    );
  });

  it('keeps the bounds: faults, times, regions of a provider at once', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(schedule.length).toBeLessThanOrEqual(bounds.maxFaults);
        const faults = faultsOf(schedule, bounds.kinds);
        for (const { atMs, forMs } of faults) {
          expect(atMs).toBeGreaterThanOrEqual(bounds.fromMs);
          expect(atMs + forMs).toBeLessThanOrEqual(bounds.untilMs);
          expect(forMs).toBeGreaterThanOrEqual(bounds.minLengthMs);
        }
        for (const moment of faults.map(({ atMs }) => atMs)) {
          const active = faults.filter(({ atMs, forMs }) => atMs <= moment && moment < atMs + forMs);
          const touched = active.flatMap((fault) => linksTouchedBy(fault, plan.links)!);
          expect(mostRegionsOfAProvider(touched)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is of every kind that can act within the bounds, with overlaps, wide and narrow targets, given enough of them', () => {
    const drawn = Array.from({ length: 2000 }, (_, index) => draw(schedules, 1, String(index)).value);
    const faults = drawn.flat();
    const able = bounds.kinds.filter((kind) => targetsArbitrary(kind, plan.links, bounds.maxRegionsPerProvider));
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(able.map(({ kind }) => kind)));
    expect(faults.some(({ targets }) => targets.includes('*'))).toBe(true);
    expect(faults.some(({ targets }) => targets.length > 1)).toBe(true);
    expect(faults.some(({ probability }) => probability !== undefined)).toBe(true);
    expect(drawn.some(([a, b]) => a && b && b.atMs < a.atMs + a.forMs)).toBe(true);
    expect(drawn.some(({ length }) => length === 0)).toBe(true);
  });

  it('is the same for the same seed and number, and another for others', () => {
    const keys = (seed: number) =>
      Array.from({ length: 20 }, (_, index) => JSON.stringify(draw(schedules, seed, String(index)).value));
    expect(keys(1)).toEqual(keys(1));
    expect(new Set([...keys(1), ...keys(2)]).size).toBeGreaterThan(30);
  });

  it('has only the kinds, lengths and settings that the scenario allows', () => {
    const narrow = explorablePlan({
      explore: {
        kinds: ['region-outage', 'latency-spike'],
        maxFaults: 1,
        from: '5s',
        until: '9s',
        length: { min: '2s', max: '3s' },
        settings: { 'region-outage': { mode: { only: ['blackhole'] } }, 'latency-spike': { delay: { min: '1s', max: '2s' } } },
      },
    });
    const allowed = exploreBounds(narrow.scenario);
    fc.assert(
      fc.property(schedulesArbitrary(narrow.links, allowed), (schedule) => {
        expect(schedule.length).toBeLessThanOrEqual(1);
        for (const fault of faultsOf(schedule, allowed.kinds)) {
          expect(fault.atMs).toBeGreaterThanOrEqual(5000);
          expect(fault.atMs + fault.forMs).toBeLessThanOrEqual(9000);
          expect(fault.forMs).toBeGreaterThanOrEqual(2000);
          expect(fault.forMs).toBeLessThanOrEqual(3000);
          if (fault.kind === 'region-outage') expect(fault.settings.mode).toBe('blackhole');
          else {
            expect(fault.settings.delay).toBeGreaterThanOrEqual(1000);
            expect(fault.settings.delay).toBeLessThanOrEqual(2000);
          }
        }
      }),
    );
  });
});

describe('settings', () => {
  it.each(faultKinds.map((kind) => [kind.kind, kind] as const))('of %s are ones that the kind takes', (_name, kind) => {
    fc.assert(fc.property(settingsArbitrary(kind), (settings) => kind.settings.safeParse(settings).success));
  });

  it('of a kind that nobody here knows are made up from its schema', () => {
    const kind = defineFaultKind({
      kind: 'made-up',
      summary: 'A kind of a test.',
      settings: z.strictObject({
        mode: z.enum(['a', 'b']).default('a'),
        wait: duration.refine((ms) => ms > 0).prefault('1s'),
        part: share.optional(),
        perS: rate.prefault('5/s'),
        factor: z.number().min(2).max(8).default(2),
        times: z.number().int().min(1).max(9),
        isHard: z.boolean().default(false),
        gap: z.union([duration, z.literal('never')]).optional(),
      }),
    });
    const drawn = fc.sample(settingsArbitrary(kind as unknown as FaultKind, { wait: { min: '1s', max: '4s' } }), {
      seed: 1,
      numRuns: 300,
    });
    const seen = (name: string) => new Set(drawn.map((settings) => settings[name]));
    expect(seen('mode')).toEqual(new Set([undefined, 'a', 'b']));
    expect(seen('wait')).toEqual(new Set(['1s', '2s', '4s']));
    expect(seen('isHard')).toEqual(new Set([undefined, true, false]));
    expect(seen('gap')).toContain('never');
    expect(seen('factor')).toEqual(new Set([undefined, 2, 5, 8]));
    expect(seen('times')).toEqual(new Set([1, 2, 5, 9]));
    expect(seen('part').size).toBeGreaterThan(3);
    expect(seen('perS').size).toBeGreaterThan(3);
  });
});

describe('round steps', () => {
  it('go from the least to the most in 1, 2, 5', () => {
    expect(roundSteps(50, 3000)).toEqual([50, 100, 200, 500, 1000, 2000, 3000]);
    expect(roundSteps(0.05, 1)).toEqual([0.05, 0.1, 0.2, 0.5, 1]);
    expect(roundSteps(7, 7)).toEqual([7]);
    expect(roundSteps(0, 10)).toEqual([0, 0.1, 0.2, 0.5, 1, 2, 5, 10]);
  });
});
