import type { Fault } from '../../harness/faults/kind.ts';
import type { Scenario, TopologyRegion } from '../../harness/scenario/scenario.ts';
import type { Design } from '../../harness/serving/config.ts';
import { linksOf } from '../../harness/topology/links.ts';
import type { RunPlan } from '../../harness/world/world.ts';
import type { ProviderName } from '../../mocks/emulator.ts';
import { everythingOff } from './designs.ts';

/** A design that tries every link, and has no local way out. Patient, so that a busy machine is not taken for a broken region. */
export const failoverDesign: Design = {
  ...everythingOff,
  routing: { policy: 'priority', failover: true },
  healthChecks: { intervalMs: 250, jitter: 0, timeoutMs: 1_500, unhealthyThreshold: 3, healthyThreshold: 1 },
  circuitBreaker: { consecutiveFailures: 5, halfOpenAfterMs: 500 },
  retry: { maxRetries: 2, budgetRatio: 0.2, budgetMinPerS: 10, initialBackoffMs: 5, maxBackoffMs: 50 },
  hedging: false,
  attemptTimeoutMs: 1_500,
  deadlineMs: 2_500,
  credentialRefresh: { minIntervalMs: 200 },
  costGuard: false,
  degrade: false,
};

const region = (provider: ProviderName, name: string, rttMs: number): TopologyRegion => ({
  provider,
  region: name,
  rttMs,
  instanceType: 'test.large',
  instanceUsdPerHour: 1,
  capacity: { serviceTimeMs: 5, serviceTimeSigma: 0.1, concurrency: 4, queueLimit: 20 },
});

/** A short scenario over three providers, as the scenario loader would give it. */
export const shortPlan = ({
  faults = [],
  design = failoverDesign,
  warmupMs = 500,
  durationMs = 2_000,
  ratePerS = 50,
  gatewayPort,
}: {
  readonly faults?: readonly Fault[];
  readonly design?: Design;
  readonly warmupMs?: number;
  readonly durationMs?: number;
  readonly ratePerS?: number;
  readonly gatewayPort?: number;
} = {}): RunPlan => {
  const topology = {
    gatewayRegion: 'us-east',
    regions: [region('aws', 'us-east-1', 2), region('google', 'us-central1', 8), region('azure', 'eastus', 4)],
  };
  const scenario: Scenario = {
    name: 'short',
    title: 'A short run',
    description: '',
    topology,
    design: 'failover',
    badDesigns: [],
    designs: { failover: design },
    load: {
      door: 'rest',
      model: 'digits',
      timeoutMs: 3_000,
      goodWithinMs: 500,
      shape: {
        type: 'open',
        arrivals: 'constant',
        stages: [{ forMs: warmupMs + durationMs, fromPerS: ratePerS, toPerS: ratePerS }],
      },
    },
    warmupMs,
    durationMs,
    faults,
    steadyState: [],
    expectations: [],
  };
  return {
    scenario,
    designName: 'failover',
    design,
    seed: 1,
    links: linksOf(topology),
    ...(gatewayPort === undefined ? {} : { gatewayPort }),
  };
};
