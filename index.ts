/** What a scenario in TypeScript needs: `import { defineScenario } from 'squall'`. */
export { defineScenario } from './harness/scenario/define-scenario.ts';
export type { FaultEntry } from './harness/scenario/fault-entry.ts';
export type { ScenarioFile } from './harness/scenario/schema.ts';
