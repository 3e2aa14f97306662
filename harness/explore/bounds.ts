import { SquallError } from '../errors.ts';
import { faultKinds } from '../faults/index.ts';
import type { FaultKind } from '../faults/kind.ts';
import type { Expectation, Scenario, SettingRange } from '../scenario/scenario.ts';
import { metricNames } from '../verdict/metrics.ts';

/** What a search may do to a scenario, and what it holds the design to: the scenario's `explore` block with its defaults filled in. */
export interface ExploreBounds {
  readonly kinds: readonly FaultKind[];
  readonly maxFaults: number;
  readonly maxRegionsPerProvider: number;
  /** Faults lie within [fromMs, untilMs]. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly minLengthMs: number;
  readonly maxLengthMs: number;
  readonly failoverWithinMs: number;
  readonly recoverWithinMs: number;
  readonly settings: Readonly<Record<string, Readonly<Record<string, SettingRange>>>>;
  readonly expectations: readonly Expectation[];
  readonly except: readonly string[];
}

const MAX_FAULTS = 3;
const MAX_REGIONS_PER_PROVIDER = 1;
const MIN_LENGTH_MS = 1000;
/** Longer than failover may take, by enough to see whether it held. */
const MAX_LENGTH_MS = 12_000;
/** Attempt time-outs, a breaker's threshold and two health checks, with room. */
const FAILOVER_WITHIN_MS = 5000;
/** A breaker's pause, two good health checks, a new credential, with room. */
const RECOVER_WITHIN_MS = 6000;
/** Least stretch after the recovery in which the service is looked at. */
export const LAST_WINDOW_MS = 2000;
/** A quiet start: it shows that the scenario holds without faults, and lets caches fill. */
const QUIET_START_MS = 3000;
/** What any design should manage under faults that leave regions over. */
const MIN_AVAILABILITY = 0.95;

/** Where the scenario does not say: what it expects of `all`, and that most requests are answered. */
const defaultExpectations = ({ expectations }: Scenario): readonly Expectation[] => {
  const ofAll = expectations.filter(({ phase }) => phase === 'all');
  return ofAll.some(({ metric }) => metric === 'availability')
    ? ofAll
    : [...ofAll, { phase: 'all', metric: 'availability', min: MIN_AVAILABILITY }];
};

/** In the order in which a scenario file gives them back, so that a replay tells the same in the same order. */
const inFileOrder = (expectations: readonly Expectation[]): readonly Expectation[] =>
  [...expectations].sort(
    (a, b) => a.phase.localeCompare(b.phase) || metricNames.indexOf(a.metric) - metricNames.indexOf(b.metric),
  );

/**
 * @throws {SquallError} `BAD_SCENARIO` when the timeline leaves no time for a fault and for recovery after it
 */
export const exploreBounds = (scenario: Scenario): ExploreBounds => {
  const { durationMs, explore = {} } = scenario;
  const recoverWithinMs = explore.recoverWithinMs ?? Math.min(RECOVER_WITHIN_MS, Math.round(durationMs / 4));
  const fromMs = explore.fromMs ?? Math.min(QUIET_START_MS, Math.round(durationMs / 8));
  const untilMs = explore.untilMs ?? durationMs - recoverWithinMs - LAST_WINDOW_MS;
  const roomMs = untilMs - fromMs;
  const minLengthMs = explore.minLengthMs ?? Math.min(MIN_LENGTH_MS, explore.maxLengthMs ?? MIN_LENGTH_MS);
  // Unless they are asked for by name, kinds that live lacks are left out: what is found could not be replayed there.
  const kinds = faultKinds.filter(
    ({ kind, sim, live, isAskedFor }) => sim && (explore.kinds?.includes(kind) ?? (live !== undefined && !isAskedFor)),
  );
  if (roomMs < minLengthMs) {
    throw new SquallError(
      'BAD_SCENARIO',
      `Scenario ${scenario.name} leaves ${Math.max(0, roomMs)} ms for faults, from ${fromMs} ms to ${untilMs} ms; explore needs ${minLengthMs} ms.`,
      'Make its duration longer, or say explore.from, explore.until, explore.length or explore.recoverWithin.',
    );
  }
  return {
    kinds,
    maxFaults: explore.maxFaults ?? MAX_FAULTS,
    maxRegionsPerProvider: explore.maxRegionsPerProvider ?? MAX_REGIONS_PER_PROVIDER,
    fromMs,
    untilMs,
    minLengthMs,
    maxLengthMs: Math.max(minLengthMs, Math.min(roomMs, explore.maxLengthMs ?? MAX_LENGTH_MS)),
    failoverWithinMs: explore.failoverWithinMs ?? FAILOVER_WITHIN_MS,
    recoverWithinMs,
    settings: explore.settings ?? {},
    expectations: inFileOrder(explore.expectations ?? defaultExpectations(scenario)),
    except: explore.except ?? [],
  };
};
