import { planRun } from '../../harness/run.ts';
import { resolveScenario } from '../../harness/scenario/resolve.ts';
import type { RunPlan } from '../../harness/world/world.ts';

/** A small scenario's content: one provider region of each kind, a few seconds. */
const BASE = {
  description: 'A scenario for tests.',
  topology: { gateway: 'us-east', regions: ['azure/eastus', 'azure/westus', 'aws/us-east-1', 'google/us-east4'] },
  load: { rate: '50/s', timeout: '2s' },
  warmup: '1s',
  duration: '6s',
  faults: [{ kind: 'region-outage', target: 'azure/eastus', at: '2s', for: '2s' }],
  expect: { all: { availability: { min: '0%' } } },
};

/** @param more takes the place of parts of the scenario */
export const simPlan = (more: object = {}, seed = 1, designName?: string): RunPlan => {
  const resolved = resolveScenario({ ...BASE, ...more }, 'sim-test');
  if (!resolved.scenario) throw new Error(JSON.stringify(resolved.problems));
  return planRun(resolved.scenario, { seed, ...(designName === undefined ? {} : { designName }) });
};
