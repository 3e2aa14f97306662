import { costSpike } from './cost-spike.ts';
import { credentialRevocation } from './credential-revocation.ts';
import { dnsFailure } from './dns-failure.ts';
import { errorBurst } from './error-burst.ts';
import { halfOpen } from './half-open.ts';
import type { FaultKind } from './kind.ts';
import { latencySpike } from './latency-spike.ts';
import { regionOutage } from './region-outage.ts';
import { throttling } from './throttling.ts';

/** Every fault kind: help, validation and both worlds read this list, and nothing else holds one. */
export const faultKinds: readonly FaultKind[] = [
  regionOutage,
  latencySpike,
  credentialRevocation,
  costSpike,
  throttling,
  errorBurst,
  dnsFailure,
  halfOpen,
];

/** The kind of that name, `undefined` where there is none. */
export const findFaultKind = (name: string): FaultKind | undefined => faultKinds.find(({ kind }) => kind === name);
