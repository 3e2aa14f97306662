/** Scenarios as tests of Vitest: `import { scenarioTest } from 'squall/vitest'`. Adds its matchers to Vitest's. */
import { expect } from 'vitest';
import { type ScenarioMatchers, scenarioMatchers } from './matchers.ts';

expect.extend(scenarioMatchers);

declare module 'vitest' {
  // The parameters must be Vitest's own.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends ScenarioMatchers<R> {}
}

export { defineScenario } from '../../harness/scenario/define-scenario.ts';
export type { ScenarioFile } from '../../harness/scenario/schema.ts';
export type { RunReport } from '../../harness/verdict/report.ts';
export type { BoundsInput, BoundText } from './asked.ts';
export type { RestorationOptions, ScenarioMatchers } from './matchers.ts';
export { runScenario, type ScenarioRunOptions } from './run-scenario.ts';
export { type DefineScenarioTest, type ScenarioCheck, type ScenarioTestOptions, scenarioTest } from './scenario-test.ts';
