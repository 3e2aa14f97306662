import type { Prediction } from '../../mocks/models/runtime.ts';
import type { Announce } from './announce.ts';
import type { AttemptTimeout } from './attempt-timeout.ts';
import { blameForDeadline, failureTest, tellsOfSlowness } from './blame.ts';
import { createLinkBreaker, type LinkBreaker } from './circuit-breaker.ts';
import type { Rows } from './clients/access.ts';
import type { Design, GatewayLink } from './config.ts';
import type { CredentialRefresh } from './credential-refresh.ts';
import { LinkError } from './errors.ts';
import { createLatencyEstimate, type LatencyEstimate } from './latency.ts';
import type { Observe } from './observation.ts';
import { CHECK_ROW } from './open-inference.ts';
import { createStrain, type Strain } from './strain.ts';

/** Bounds nothing: for calls that have a limit of their own. */
export const unlimited: AttemptTimeout = (task, signal) => task(signal);

/** One link as it is called, and what its calls have told of it. */
export interface LinkCaller {
  readonly breaker: LinkBreaker;
  readonly latency: LatencyEstimate;
  readonly strain: Strain;
  /** A prediction that no caller asked for; nothing but its latency is remembered. */
  check(signal: AbortSignal): Promise<ServedByLink>;
  /** As ServingLink's. */
  attempt(rows: Rows, signal: AbortSignal, isLastResort: boolean): Promise<ServedByLink>;
}

/** Predictions, and the link that made them. */
export interface ServedByLink {
  readonly predictions: readonly Prediction[];
  readonly linkId: string;
}

export interface LinkParts {
  readonly design: Design;
  readonly refresh: CredentialRefresh;
  readonly limit: AttemptTimeout;
  readonly announce: Announce;
  readonly observe?: Observe | undefined;
}

export const createLinkCaller = (config: GatewayLink, { design, refresh, limit, announce, observe }: LinkParts): LinkCaller => {
  const countsAsFailure = failureTest(design);
  const breaker = createLinkBreaker(design.circuitBreaker, config.id, countsAsFailure, announce, observe);
  const latency = createLatencyEstimate();
  const strain = createStrain();

  /** @param strained hears how it ends; nobody where the call is no request's */
  const measured = async (rows: Rows, signal: AbortSignal, bound: AttemptTimeout, strained?: Strain): Promise<ServedByLink> => {
    const startedAtMs = performance.now();
    try {
      const call = refresh.run(config.id, (access, limited) => access.predict(config, rows, limited), signal, bound);
      const predictions = await call;
      latency.record(performance.now() - startedAtMs);
      strained?.record(false);
      return { predictions, linkId: config.id };
    } catch (thrown) {
      const elapsedMs = performance.now() - startedAtMs;
      const error = blameForDeadline(thrown, elapsedMs, design);
      if (tellsOfSlowness(error)) latency.record(elapsedMs);
      const isOverload = error instanceof LinkError && error.kind === 'overloaded';
      if (isOverload || countsAsFailure(error)) strained?.record(true);
      throw error;
    }
  };

  return {
    breaker,
    latency,
    strain,
    check: (signal) => measured([CHECK_ROW], signal, unlimited),
    attempt(rows, signal, isLastResort) {
      const call = () => measured(rows, signal, limit, strain);
      return isLastResort && breaker.state === 'open' ? call() : breaker.execute(call);
    },
  };
};
