import type { Prediction } from '../../mocks/models/runtime.ts';
import type { Announce } from './announce.ts';
import type { AttemptTimeout } from './attempt-timeout.ts';
import { blameForDeadline, failureTest, tellsOfSlowness } from './blame.ts';
import { createLinkBreaker, type LinkBreaker } from './circuit-breaker.ts';
import type { Rows } from './clients/access.ts';
import type { Design, GatewayLink } from './config.ts';
import type { Connections } from './connections.ts';
import type { CredentialRefresh } from './credential-refresh.ts';
import { LinkError } from './errors.ts';
import { createLatencyEstimate, type LatencyEstimate } from './latency.ts';
import { createLinkRoom, type LinkRoom } from './link-room.ts';
import type { Observe } from './observation.ts';
import { CHECK_ROW } from './open-inference.ts';
import { CANDIDATE_VERSION, type Rollout } from './rollout.ts';
import { createStrain, type Strain } from './strain.ts';

/** Bounds nothing: for calls that have a limit of their own. */
export const unlimited: AttemptTimeout = (task, signal) => task(signal);

/** One link as it is called, and what its calls have told of it. */
export interface LinkCaller {
  readonly breaker: LinkBreaker;
  readonly latency: LatencyEstimate;
  readonly strain: Strain;
  readonly room: LinkRoom;
  /** Predictions of the new version, which nothing of the link is judged by. */
  tryCandidate(rows: Rows, signal: AbortSignal): Promise<readonly Prediction[]>;
  /** A prediction that no caller asked for; nothing but its latency is remembered. */
  check(signal: AbortSignal): Promise<ServedByLink>;
  /** As ServingLink's. */
  attempt(rows: Rows, signal: AbortSignal, isLastResort: boolean): Promise<ServedByLink>;
}

/** Predictions, and the link that made them. */
export interface ServedByLink {
  readonly predictions: readonly Prediction[];
  readonly linkId: string;
  /** Of the model; absent where it is the one that serves as ever. */
  readonly version?: string;
}

export interface LinkParts {
  readonly design: Design;
  readonly refresh: CredentialRefresh;
  readonly limit: AttemptTimeout;
  readonly connections: Connections;
  readonly rollout: Rollout;
  readonly announce: Announce;
  readonly observe?: Observe | undefined;
}

export const createLinkCaller = (
  config: GatewayLink,
  { design, refresh, limit, connections, rollout, announce, observe }: LinkParts,
): LinkCaller => {
  const countsAsFailure = failureTest(design);
  const breaker = createLinkBreaker(design.circuitBreaker, config.id, countsAsFailure, announce, observe);
  const latency = createLatencyEstimate();
  const strain = createStrain(design.outlierDetection);
  const room = createLinkRoom(design);

  /** @param isAttempt a request's, which strain and room hear of */
  const measured = async (rows: Rows, signal: AbortSignal, bound: AttemptTimeout, isAttempt: boolean): Promise<ServedByLink> => {
    const startedAtMs = performance.now();
    const leave = isAttempt ? room.enter() : null;
    try {
      const call = refresh.run(
        config.id,
        (access, limited) => connections.run(() => access.predict(config, rows, limited), limited),
        signal,
        bound,
      );
      const predictions = await call;
      const elapsedMs = performance.now() - startedAtMs;
      latency.record(elapsedMs);
      if (leave) {
        strain.record(false);
        rollout.record(false, elapsedMs, null);
        leave('answered', elapsedMs);
      }
      return { predictions, linkId: config.id };
    } catch (thrown) {
      const elapsedMs = performance.now() - startedAtMs;
      const error = blameForDeadline(thrown, elapsedMs, design);
      const isSlow = tellsOfSlowness(error);
      const isOverload = error instanceof LinkError && error.kind === 'overloaded';
      if (isSlow) latency.record(elapsedMs);
      if (leave) {
        if (isOverload || countsAsFailure(error)) strain.record(true);
        leave(isSlow || isOverload ? 'dropped' : 'ended', elapsedMs);
      }
      throw error;
    }
  };

  const candidate: GatewayLink = { ...config, ...config.candidate };
  const predictCandidate = (rows: Rows, signal: AbortSignal, bound: AttemptTimeout) =>
    refresh.run(
      config.id,
      (access, limited) => connections.run(() => access.predict(candidate, rows, limited), limited),
      signal,
      bound,
    );

  /** What the new version does wrong is not the link's doing: breaker, strain and latency do not hear of it. */
  const attemptCandidate = async (rows: Rows, signal: AbortSignal): Promise<ServedByLink> => {
    const startedAtMs = performance.now();
    try {
      const predictions = await predictCandidate(rows, signal, limit);
      rollout.record(true, performance.now() - startedAtMs, null);
      return { predictions, linkId: config.id, version: CANDIDATE_VERSION };
    } catch (error) {
      rollout.record(true, performance.now() - startedAtMs, error);
      throw error;
    }
  };

  return {
    breaker,
    latency,
    strain,
    room,
    check: (signal) => measured([CHECK_ROW], signal, unlimited, false),
    tryCandidate: (rows, signal) => predictCandidate(rows, signal, unlimited),
    attempt(rows, signal, isLastResort) {
      if (config.candidate && rollout.takesCandidate()) return attemptCandidate(rows, signal);
      const call = () => measured(rows, signal, limit, true);
      return isLastResort && breaker.state === 'open' ? call() : breaker.execute(call);
    },
  };
};
