import { planRun } from '../../harness/run.ts';
import { resolveScenario } from '../../harness/scenario/resolve.ts';
import type { DesignPatch } from '../../harness/serving/design/patch.ts';
import type { RunPlan } from '../../harness/world/world.ts';
import type { QueueParameters } from './parameters.ts';

/**
 * The queue as a scenario, one queue a region.
 * @param regions in order of priority, e.g. `aws/us-east-1`
 * @param design what differs from the reference design
 */
export const planOf = (parameters: QueueParameters, regions: readonly string[], design: DesignPatch, seed: number): RunPlan => {
  const { ratePerS, durationMs, serviceTimeMs, serviceTimeSigma, concurrency, queueLimit } = parameters;
  const { scenario, problems } = resolveScenario(
    {
      topology: { regions, capacity: { serviceTime: `${serviceTimeMs}ms`, serviceTimeSigma, concurrency, queueLimit } },
      design,
      load: { rate: `${ratePerS}/s`, arrivals: 'poisson' },
      warmup: '0s',
      duration: `${durationMs}ms`,
      expect: { all: { availability: { min: 0 } } },
    },
    'bench-queue',
  );
  if (!scenario) throw new Error(JSON.stringify(problems));
  return planRun(scenario, { seed });
};
