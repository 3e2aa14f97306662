import type { Fault } from '../../harness/faults/kind.ts';
import type { RequestRecord } from '../../harness/load/sample.ts';
import type { LoadPlan, Scenario } from '../../harness/scenario/scenario.ts';
import type { RunPlan, RunRecord, UsageSample } from '../../harness/world/world.ts';
import { everythingOff } from './designs.ts';

export const PRIMARY = 'aws/us-east-1/sagemaker-runtime';
export const SECONDARY = 'google/us-central1/aiplatform';

/** A request that was answered well, 20 ms after it was due. */
export const aRequest = (overrides: Partial<RequestRecord> = {}): RequestRecord => {
  const dueMs = overrides.dueMs ?? 0;
  return {
    dueMs,
    sentMs: dueMs,
    endMs: dueMs + 20,
    outcome: 'ok',
    status: 200,
    servedBy: PRIMARY,
    degraded: '',
    isCorrect: true,
    ...overrides,
  };
};

/** What a request that got no answer looks like. */
export const unanswered = { outcome: 'connection-error', status: 0, servedBy: '', isCorrect: null } as const;

/** Requests at a constant rate over [fromMs, toMs), all alike but for the time. */
export const requestsAt = (
  perS: number,
  fromMs: number,
  toMs: number,
  alike: Partial<RequestRecord> & { readonly latencyMs?: number } = {},
): readonly RequestRecord[] => {
  const { latencyMs = 20, ...overrides } = alike;
  const count = Math.round(((toMs - fromMs) / 1000) * perS);
  return Array.from({ length: count }, (_, index) => {
    const dueMs = fromMs + (index * 1000) / perS;
    return aRequest({ dueMs, endMs: dueMs + latencyMs, ...overrides });
  });
};

export const aFault = (overrides: Partial<Fault> = {}): Fault => ({
  name: 'region-outage',
  kind: 'region-outage',
  targets: ['aws/us-east-1'],
  atMs: 10_000,
  forMs: 10_000,
  probability: 1,
  settings: {},
  ...overrides,
});

export const aLoad = (overrides: Partial<LoadPlan> = {}): LoadPlan => ({
  door: 'rest',
  model: 'digits',
  timeoutMs: 2000,
  goodWithinMs: 300,
  shape: { type: 'open', arrivals: 'constant', stages: [{ forMs: 30_000, fromPerS: 100, toPerS: 100 }] },
  ...overrides,
});

/** Thirty seconds with an outage in the middle third, and nothing expected. */
export const aScenario = (overrides: Partial<Scenario> = {}): Scenario => ({
  name: 'region-outage',
  title: 'A whole region refuses connections',
  description: '',
  topology: { gatewayRegion: 'us-east', regions: [] },
  design: 'reference',
  badDesigns: [],
  designs: { reference: everythingOff },
  load: aLoad(),
  warmupMs: 2000,
  durationMs: 30_000,
  faults: [aFault()],
  steadyState: [],
  expectations: [],
  ...overrides,
});

export const aPlan = (overrides: Partial<Scenario> = {}): RunPlan => ({
  scenario: aScenario(overrides),
  designName: 'reference',
  design: everythingOff,
  seed: 1,
  links: [],
});

/** Cumulative usage of one endpoint at one time; what it costs is compute alone. */
export const aUsageSample = (atMs: number, costUsd: number, predictions = 0): UsageSample => ({
  atMs,
  rows: [
    {
      provider: 'aws',
      region: 'us-east-1',
      service: 'sagemaker-runtime',
      predictions,
      answers: predictions,
      busyMs: 0,
      egressBytes: 0,
      cost: { computeUsd: costUsd, requestsUsd: 0, egressUsd: 0, storageUsd: 0 },
    },
  ],
});

/** A run of 30 s at 100/s in which all went well; overrides replace parts. */
export const aRecord = (overrides: Partial<RunRecord> = {}): RunRecord => ({
  startedAt: '2026-11-24T21:00:00.000Z',
  requests: requestsAt(100, 0, 30_000),
  events: [],
  usage: [aUsageSample(0, 0), aUsageSample(10_000, 1), aUsageSample(20_000, 2), aUsageSample(30_000, 3)],
  end: { type: 'completed' },
  ...overrides,
});
