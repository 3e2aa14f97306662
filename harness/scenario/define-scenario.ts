import type { ScenarioFile } from './schema.ts';

/** Gives a scenario in TypeScript its type; what it says is checked when it is loaded, as a YAML file is. */
export const defineScenario = (scenario: ScenarioFile): ScenarioFile => scenario;
