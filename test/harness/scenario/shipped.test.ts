import { describe, expect, it } from 'vitest';
import { listScenarios, loadScenario } from '../../../harness/scenario/load-scenario.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';

const MAX_LENGTH_MS = 30_000;

/** The scenarios that ship, each with the design that it breaks. */
const SHIPPED = [
  ['region-outage', 'no-failover'],
  ['latency-spike', 'no-timeouts'],
  ['credential-revocation', 'no-credential-refresh'],
  ['cost-spike', 'no-cost-guard'],
  ['retry-storm', 'no-retry-budget'],
  ['total-outage', 'no-degraded-modes'],
] as const;

it('lists the scenarios that ship', async () => {
  const names = (await listScenarios()).map(({ name }) => name);
  expect(names.toSorted()).toEqual(SHIPPED.map(([name]) => name).toSorted());
});

describe.each(SHIPPED)('the shipped scenario %s', (name, badDesign) => {
  it('says what it proves, and which design it breaks', async () => {
    const { title, description } = await loadScenario(name);
    expect(title.length).toBeGreaterThan(10);
    expect(description).toContain(badDesign);
  });

  it('has that design, and each design is complete', async () => {
    const { designs, design } = await loadScenario(name);
    expect(design).toBe('reference');
    expect(designs).toHaveProperty(badDesign);
    expect(designs[badDesign]).not.toEqual(designs.reference);
    for (const complete of Object.values(designs)) {
      expect(Object.keys(complete).toSorted()).toEqual(Object.keys(referenceDesign).toSorted());
    }
  });

  it('takes at most 30 s', async () => {
    const { warmupMs, durationMs } = await loadScenario(name);
    expect(warmupMs + durationMs).toBeLessThanOrEqual(MAX_LENGTH_MS);
  });
});

/** A storm needs a region that nothing stands in for; where all are down, one of each provider tells as much. */
const SMALL = new Set<string>(['retry-storm', 'total-outage']);

describe.each(SHIPPED.filter(([name]) => !SMALL.has(name)))('the shipped scenario %s', (name) => {
  it('is over three providers in two regions each', async () => {
    const { topology } = await loadScenario(name);
    const regionsOf = Object.groupBy(topology.regions, ({ provider }) => provider);
    expect(Object.values(regionsOf).map((regions) => regions.length)).toEqual([2, 2, 2]);
  });
});
