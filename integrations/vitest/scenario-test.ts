import { expect, type TestContext, test } from 'vitest';
import type { ScenarioFile } from '../../harness/scenario/schema.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { runScenario, type ScenarioRunOptions } from './run-scenario.ts';

export interface ScenarioTestOptions extends Omit<ScenarioRunOptions, 'signal'> {
  /** What the test is called; made from the scenario when left out. */
  readonly name?: string;
  /** Milliseconds of real time; 2 minutes in sim and 15 in live when left out. */
  readonly timeout?: number;
}

/** What a test asks of the run. */
export type ScenarioCheck = (report: RunReport, context: TestContext) => unknown;

/**
 * A scenario as a test: passes when the verdict is passed, or, with a check of one's own, when that holds.
 * @param scenario name of a scenario that ships, path of a file from the working folder, or what a file would hold
 */
export interface DefineScenarioTest {
  (scenario: string | ScenarioFile, check?: ScenarioCheck): void;
  (scenario: string | ScenarioFile, options: ScenarioTestOptions, check?: ScenarioCheck): void;
}

const TIMEOUTS_MS = { sim: 120_000, live: 900_000 } as const;

const titleOf = (scenario: string | ScenarioFile, { name, design, world }: ScenarioTestOptions): string => {
  if (name !== undefined) return name;
  const what = typeof scenario === 'string' ? scenario : (scenario.name ?? scenario.title ?? 'scenario');
  return [what, ...(design === undefined ? [] : [`design ${design}`]), ...(world === 'live' ? ['live'] : [])].join(', ');
};

const passes: ScenarioCheck = (report) => expect(report).toPass();

const defineWith =
  (define: typeof test.only): DefineScenarioTest =>
  (scenario: string | ScenarioFile, second?: ScenarioTestOptions | ScenarioCheck, third?: ScenarioCheck) => {
    const [options, check = passes] = typeof second === 'function' ? [{}, second] : [second ?? {}, third];
    const { name: _, timeout = TIMEOUTS_MS[options.world ?? 'sim'], ...runOptions } = options;
    define(titleOf(scenario, options), { timeout }, async (context) => {
      await check(await runScenario(scenario, { ...runOptions, signal: context.signal }), context);
    });
  };

export const scenarioTest: DefineScenarioTest & { readonly only: DefineScenarioTest; readonly skip: DefineScenarioTest } =
  Object.assign(defineWith(test), { only: defineWith(test.only), skip: defineWith(test.skip) });
