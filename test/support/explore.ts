import type { Simulator } from '../../harness/explore/explore.ts';
import type { RequestRecord } from '../../harness/load/sample.ts';
import { planRun } from '../../harness/run.ts';
import { resolveScenario } from '../../harness/scenario/resolve.ts';
import type { ScenarioFile } from '../../harness/scenario/schema.ts';
import type { Observations, RequestObservation } from '../../harness/world/sim/observations.ts';
import type { RunPlan } from '../../harness/world/world.ts';

/** Six regions, 30 s at 50 requests a second. */
export const explorable: ScenarioFile = {
  name: 'explorable',
  topology: {
    regions: ['aws/us-east-1', 'google/us-east4', 'azure/eastus', 'aws/us-west-2', 'google/us-central1', 'azure/westus'],
  },
  load: { rate: 50, arrivals: 'constant' },
  duration: '30s',
  expect: { all: { availability: { min: '90%' } } },
};

/** @param changes parts of the scenario file that are other than in `explorable` */
export const explorablePlan = (changes: Partial<ScenarioFile> = {}, options = {}): RunPlan => {
  const { scenario, problems } = resolveScenario({ ...explorable, ...changes }, 'explorable');
  if (!scenario) throw new Error(JSON.stringify(problems));
  return planRun(scenario, { seed: 1, ...options });
};

export const noObservations: Observations = { requests: [], exchanges: [], calls: [], attempts: [], breakers: [], seconds: [] };

const MS_BETWEEN = 20;

/** A request that the first link answered at once. */
export const wellServed = (dueMs: number): RequestRecord => ({
  dueMs,
  sentMs: dueMs,
  endMs: dueMs + 30,
  outcome: 'ok',
  status: 200,
  servedBy: 'aws/us-east-1/sagemaker-runtime',
  degraded: '',
  isCorrect: true,
});

export const observedWell = (atMs: number, id = `r${atMs}`): RequestObservation => ({
  id,
  acceptedAtMs: atMs,
  deadlineAtMs: atMs + 1000,
  answeredAtMs: atMs + 30,
  abandonedAtMs: null,
  answers: 1,
  status: 200,
  servedBy: 'aws/us-east-1/sagemaker-runtime',
  degraded: '',
  sampleIndex: 0,
  isOwnPrediction: true,
});

/** A simulator whose runs are as `serve` says: what becomes of the request that is due then, under that plan. */
export const fakeSimulator = (
  serve: (dueMs: number, plan: RunPlan) => RequestRecord = wellServed,
  delayMs: (plan: RunPlan) => number = () => 0,
): Simulator & { readonly plans: readonly RunPlan[] } => {
  const plans: RunPlan[] = [];
  return {
    plans,
    async run(plan) {
      plans.push(plan);
      const ms = delayMs(plan);
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      const count = plan.scenario.durationMs / MS_BETWEEN;
      return {
        startedAt: '2026-01-01T00:00:00.000Z',
        requests: Array.from({ length: count }, (_, index) => serve(index * MS_BETWEEN, plan)),
        events: [],
        usage: [],
        end: { type: 'completed' },
        observations: noObservations,
      };
    },
  };
};
