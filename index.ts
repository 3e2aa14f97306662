/** What a scenario in TypeScript needs: `import { defineScenario } from 'squall'`. */
export { defineConfig, type SquallConfig } from './harness/config/define-config.ts';
export { defineScenario } from './harness/scenario/define-scenario.ts';
export type { FaultEntry } from './harness/scenario/fault-entry.ts';
export type { ScenarioFile } from './harness/scenario/schema.ts';
export type { Handler, HandlerContext } from './harness/sut/handler.ts';
