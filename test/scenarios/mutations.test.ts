import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/package-root.ts';
import { planRun } from '../../harness/run.ts';
import { listScenarios, loadScenario } from '../../harness/scenario/load-scenario.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { type Design, type PolicyName, policies, policyNames } from '../../harness/serving/design/policies.ts';
import { judge } from '../../harness/verdict/judge.ts';
import { createSimPool } from '../../harness/world/sim/pool.ts';
import { mutate } from '../../scripts/mutate-policies/mutation.ts';
import { mutations } from '../../scripts/mutate-policies/mutations.ts';
import { rowOf } from '../../scripts/mutate-policies/row.ts';

const LIMIT_MS = 120_000;

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');

describe('the mutations of policies', () => {
  it('have names of their own', () => {
    expect(new Set(mutations.map(({ id }) => id)).size).toBe(mutations.length);
  });

  it.each(mutations)('$id changes what stands in the source exactly once', (mutation) => {
    const source = read(mutation.file);
    expect(mutate(source, mutation)).not.toBe(source);
  });

  it('refuse a text that stands in the source twice, or not at all', () => {
    const mutation = { ...mutations[0]!, find: 'a' };
    expect(() => mutate('a b a', mutation)).toThrow('2 times');
    expect(() => mutate('b', mutation)).toThrow('stands not in');
  });

  it('each turn a scenario that ships', async () => {
    const shipped = (await listScenarios()).map(({ name }) => name);
    expect(mutations.filter(({ turns }) => !shipped.includes(turns))).toEqual([]);
  });

  it('are the table of docs/policies.md', () => {
    // Tables are aligned there.
    const page = read('docs/policies.md').replace(/ +/g, ' ');
    expect(mutations.map(rowOf).filter((row) => !page.includes(row))).toEqual([]);
  });
});

const shipped = await Promise.all((await listScenarios()).map(({ name }) => loadScenario(name)));

/** Designs that differ from a scenario's good one in a policy that it has, and in nothing else. */
const withoutAlone = ({ designs, design, badDesigns }: Scenario, policy: PolicyName): readonly string[] => {
  const good = designs[design]!;
  const isAlone = (bad: Design) => isDeepStrictEqual({ ...bad, [policy]: good[policy] }, good);
  return good[policy] === false ? [] : badDesigns.filter((bad) => isAlone(designs[bad]!));
};

/** Each policy that can be off, with the shortest scenario that fails a design without it, or without a part of it. */
const cases = policyNames
  .filter((policy) => policies[policy].canBeOff)
  .map((policy) => {
    const found = shipped
      .flatMap((scenario) => withoutAlone(scenario, policy).map((badDesign) => ({ scenario, badDesign })))
      .toSorted((a, b) => a.scenario.durationMs - b.scenario.durationMs);
    const isOff = ({ scenario, badDesign }: (typeof found)[number]) => scenario.designs[badDesign]![policy] === false;
    return { policy, decidedBy: found.find(isOff) ?? found[0] };
  });

describe('a policy that is switched off', () => {
  const pool = createSimPool({ workers: 1 });
  afterAll(() => pool.close());
  const outcomeOf = async (scenario: Scenario, designName: string) => {
    const plan = planRun(scenario, { designName, seed: 1 });
    return judge(plan, await pool.run(plan), 'sim').verdict.outcome;
  };

  it.for(cases)('$policy turns the verdict of a shipped scenario', { timeout: LIMIT_MS }, async ({ policy, decidedBy }) => {
    expect(
      decidedBy,
      `no shipped scenario has among its badDesigns one that is without ${policy}, or a part of it, alone`,
    ).toBeDefined();
    const { scenario, badDesign } = decidedBy!;
    expect(await outcomeOf(scenario, scenario.design)).toBe('passed');
    expect(await outcomeOf(scenario, badDesign)).toBe('failed');
  });
});
