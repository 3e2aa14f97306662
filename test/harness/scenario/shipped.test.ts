import { describe, expect, it } from 'vitest';
import { listScenarios, loadScenario } from '../../../harness/scenario/load-scenario.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';

const MAX_LENGTH_MS = 60_000;

const SHIPPED = await Promise.all((await listScenarios()).map(({ name }) => loadScenario(name)));
const CASES = SHIPPED.flatMap(({ name, badDesigns }) => badDesigns.map((badDesign) => [name, badDesign] as const));

it('are each there to fail some design', () => {
  expect(SHIPPED.filter(({ badDesigns }) => badDesigns.length === 0).map(({ name }) => name)).toEqual([]);
});

describe.each(CASES)('the shipped scenario %s, for %s', (name, badDesign) => {
  it('says what it proves, and which design it breaks', async () => {
    const { title, description } = await loadScenario(name);
    expect(title.length).toBeGreaterThan(10);
    expect(description).toContain(badDesign);
  });

  it('has that design, and each design is complete', async () => {
    const { designs, design } = await loadScenario(name);
    expect(design).not.toBe(badDesign);
    expect(designs).toHaveProperty(badDesign);
    expect(designs[badDesign]).not.toEqual(designs[design]);
    for (const complete of Object.values(designs)) {
      expect(Object.keys(complete).toSorted()).toEqual(Object.keys(referenceDesign).toSorted());
    }
  });

  it('takes at most a minute', async () => {
    const { warmupMs, durationMs } = await loadScenario(name);
    expect(warmupMs + durationMs).toBeLessThanOrEqual(MAX_LENGTH_MS);
  });
});

describe.each(['region-outage', 'latency-spike', 'credential-revocation', 'cost-spike'])('the shipped scenario %s', (name) => {
  it('is over three providers in two regions each', async () => {
    const { topology } = await loadScenario(name);
    const regionsOf = Object.groupBy(topology.regions, ({ provider }) => provider);
    expect(Object.values(regionsOf).map((regions) => regions.length)).toEqual([2, 2, 2]);
  });
});
