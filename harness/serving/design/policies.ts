import { admission } from './policies/admission.ts';
import { audit } from './policies/audit.ts';
import { budgetGuard } from './policies/budget-guard.ts';
import { bulkhead } from './policies/bulkhead.ts';
import { cache } from './policies/cache.ts';
import { circuitBreaker } from './policies/circuit-breaker.ts';
import { clockCorrection } from './policies/clock-correction.ts';
import { coalescing } from './policies/coalescing.ts';
import { connections } from './policies/connections.ts';
import { costGuard } from './policies/cost-guard.ts';
import { credentialRefresh } from './policies/credential-refresh.ts';
import { degrade } from './policies/degrade.ts';
import { encryption } from './policies/encryption.ts';
import { healthChecks } from './policies/health-checks.ts';
import { hedging } from './policies/hedging.ts';
import { identity } from './policies/identity.ts';
import { attemptTimeoutMs, deadlineMs } from './policies/limits.ts';
import { outlierDetection } from './policies/outlier-detection.ts';
import { placement } from './policies/placement.ts';
import { privacy } from './policies/privacy.ts';
import { queue } from './policies/queue.ts';
import { registry } from './policies/registry.ts';
import { residency } from './policies/residency.ts';
import { retry } from './policies/retry.ts';
import { rollout } from './policies/rollout.ts';
import { routing } from './policies/routing.ts';
import { scaling } from './policies/scaling.ts';
import { serverless } from './policies/serverless.ts';
import { sizing } from './policies/sizing.ts';
import { slowStart } from './policies/slow-start.ts';
import { spotHandling } from './policies/spot-handling.ts';
import { storage } from './policies/storage.ts';
import { stream } from './policies/stream.ts';
import { transport } from './policies/transport.ts';
import { worker } from './policies/worker.ts';
import type { Policy, PolicyValue } from './policy.ts';

/** Every policy of the serving stack, by its key in a design. A new one is a file in policies/, and a line here. */
export const policies = {
  identity,
  routing,
  stream,
  placement,
  healthChecks,
  circuitBreaker,
  outlierDetection,
  retry,
  hedging,
  attemptTimeoutMs,
  deadlineMs,
  credentialRefresh,
  clockCorrection,
  costGuard,
  budgetGuard,
  cache,
  degrade,
  residency,
  rollout,
  admission,
  bulkhead,
  connections,
  slowStart,
  coalescing,
  scaling,
  serverless,
  spotHandling,
  registry,
  encryption,
  sizing,
  storage,
  transport,
  queue,
  worker,
  audit,
  privacy,
} as const satisfies Readonly<Record<string, Policy>>;

type Policies = typeof policies;

export type PolicyName = keyof Policies;

/** A configuration of the serving stack. `false` switches a policy off. */
export type Design = { readonly [Name in PolicyName]: PolicyValue<Policies[Name]> };

/** A way to answer without a provider. */
export type DegradeRung = Exclude<Design['degrade'], false>['ladder'][number];

export const policyNames = Object.keys(policies) as readonly PolicyName[];
