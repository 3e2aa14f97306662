import { describe, expect, it } from 'vitest';
import { parseSweep } from '../../../harness/compare/sweep.ts';
import { MAX_VARIANTS, soundDesigns, variantsOf } from '../../../harness/compare/variants.ts';
import { designPatches } from '../../../harness/serving/design/designs.ts';
import { simPlan } from '../../support/sim-plan.ts';

const { scenario } = simPlan({ designs: { 'my-own': { hedging: false }, bad: { retry: false } }, badDesigns: ['bad'] });

describe('variants', () => {
  it('are without any choice the architectures and the designs of the scenario, but none that is there to fail', () => {
    const designs = variantsOf(scenario, undefined, []).map(({ design }) => design);
    const architectures = Object.keys(designPatches).filter((name) => designPatches[name]!.kind === 'architecture');
    expect(designs).toEqual([...architectures.filter((name) => name !== 'reference'), 'my-own']);
    expect(architectures.length).toBeGreaterThanOrEqual(7);
  });

  it('leave one of two designs that are alike', () => {
    const { one, two, three } = {
      one: scenario.designs.reference!,
      two: scenario.designs.reference!,
      three: scenario.designs['my-own']!,
    };
    expect(soundDesigns({ designs: { one, two, three }, badDesigns: [] })).toEqual(['two', 'three']);
  });

  it('are the designs that were asked for, in that order, each once', () => {
    const variants = variantsOf(scenario, ['no-retry', 'reference', 'no-retry'], []);
    expect(variants.map(({ name }) => name)).toEqual(['no-retry', 'reference']);
    expect(variants[0]).toMatchObject({ settings: {}, patched: { retry: false } });
  });

  it('are of a sweep the values of the knob on the default design', () => {
    const variants = variantsOf(scenario, undefined, [parseSweep('breaker.threshold=3..5')]);
    expect(variants.map(({ name, design }) => [name, design])).toEqual([
      ['3', 'reference'],
      ['4', 'reference'],
      ['5', 'reference'],
    ]);
    expect(variants[1]).toMatchObject({
      settings: { 'circuitBreaker.consecutiveFailures': '4' },
      patched: { circuitBreaker: { consecutiveFailures: 4 } },
    });
  });

  it('are of two sweeps and two designs every combination', () => {
    const sweeps = [parseSweep('breaker.threshold=3,4'), parseSweep('hedging=on,off')];
    const names = variantsOf(scenario, ['reference', 'no-retry'], sweeps).map(({ name }) => name);
    expect(names).toHaveLength(8);
    expect(names.slice(0, 3)).toEqual(['reference 3, on', 'reference 3, off', 'reference 4, on']);
    expect(new Set(names).size).toBe(8);
  });

  it.each([
    [['no-such'], [], /no design "no-such"/],
    [['no-failovr', 'reference'], [], /Did you mean "no-failover"\?/],
    [['reference'], [], /nothing to be compared with/],
    [undefined, ['breaker.threshold=3..5', 'breaker.threshold=7,8'], /given twice/],
    [undefined, ['breaker.threshold=3,4', 'hedging=on,off', 'retry=on,off'], /3 knobs at once/],
    [undefined, ['breaker.threshold=1..50/50', 'deadline=1s..2s/5'], /250 variants/],
  ] as const)('refuse designs %j with sweeps %j', (designs, sweeps, message) => {
    expect(() => variantsOf(scenario, designs, sweeps.map(parseSweep))).toThrow(message);
  });

  it('are at most as many as anybody reads', () => {
    expect(MAX_VARIANTS).toBeLessThan(250);
  });
});
