import type { Fault } from '../faults/kind.ts';
import { createLatencyHistogram } from '../load/histogram.ts';
import type { Outcome, RequestRecord } from '../load/sample.ts';
import type { LoadPlan, Scenario } from '../scenario/scenario.ts';
import type { RunRecord, UsageSample } from '../world/world.ts';
import { type DataFacts, dataFacts } from './data-facts.ts';
import { type IdentityFacts, identityFacts } from './identity-facts.ts';
import { type JobFacts, jobFacts } from './jobs.ts';
import { clipTo, isWithin, lengthMsOf, type Phase } from './phases.ts';
import { type RegistryFacts, registryFacts } from './registry-facts.ts';
import { type ResidencyFacts, residencyFacts } from './residency.ts';
import type { RungCounts } from './rung-metrics.ts';
import { type StreamFacts, streamFacts } from './stream-facts.ts';
import { costOf, type EndpointUsage, totalUsd, usageWithin } from './usage.ts';

/** A run, as far as every phase's measurements need it. */
export interface RunFacts {
  readonly load: LoadPlan;
  readonly faults: readonly Fault[];
  readonly durationMs: number;
  /** Less than `durationMs` when the run ended early. */
  readonly measuredUntilMs: number;
  /** Due within the measured timeline, in order of due time; warm-up left out. */
  readonly requests: readonly RequestRecord[];
  readonly usage: readonly UsageSample[];
  /** Null where the stack has no registry. */
  readonly registry: RegistryFacts | null;
  /** Absent where nothing is answered by way of a queue. */
  readonly jobs?: JobFacts;
  /** Absent where there is no stream. */
  readonly stream?: StreamFacts;
  /** Absent where there are no datasets. */
  readonly data?: DataFacts;
  /** Connections to links; absent where nobody counted them. */
  readonly connections?: NonNullable<RunRecord['connections']>;
  /** Absent where nobody's data has to stay anywhere. */
  readonly residency?: ResidencyFacts;
  /** Absent where nobody tried what nobody may. */
  readonly identity?: IdentityFacts;
}

/** What is counted of a phase; metrics.ts makes numbers of it. */
export interface PhaseFacts {
  readonly run: RunFacts;
  readonly phase: Phase;
  /** How much of the phase's time was measured, milliseconds. */
  readonly measuredMs: number;
  readonly requests: number;
  /** By outcome; an answer that came after the time-out is a `timeout` here, whatever the load generator called it. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly succeeded: number;
  /** Successful within the load's `goodWithinMs`. */
  readonly good: number;
  /** Refused so that others are served. */
  readonly shed: number;
  /** Successful, but marked degraded. */
  readonly degraded: number;
  /** Successful and degraded, by the rung that they came from. */
  readonly byRung: Readonly<Record<string, RungCounts>>;
  /** Successful with a prediction that could be compared with its label, and those that were right. */
  readonly predicted: number;
  readonly correct: number;
  /** Of every request, successful or not, from its due time to its end. */
  readonly latency: ReturnType<typeof createLatencyHistogram>;
  /** US dollars; null when the providers' meters were not read. */
  readonly costUsd: number | null;
  /** What each endpoint served and charged; null when the providers' meters were not read. */
  readonly endpoints: readonly EndpointUsage[] | null;
  /** Successful answers by link or local rung. */
  readonly servedBy: Readonly<Record<string, number>>;
}

/** @param scenario the plan's, @param record what happened */
export const runFacts = (scenario: Scenario, record: RunRecord): RunFacts => {
  const { durationMs, load, faults } = scenario;
  const jobs = jobFacts(record);
  const stream = streamFacts(record);
  const data = dataFacts(scenario, record);
  const residency = residencyFacts(scenario, record);
  const identity = identityFacts(scenario, record);
  const measuredUntilMs = record.end.type === 'completed' ? durationMs : Math.max(0, Math.min(durationMs, record.end.atMs));
  return {
    load,
    faults,
    durationMs,
    measuredUntilMs,
    requests: record.requests
      .filter((request) => request.dueMs >= 0 && request.dueMs < measuredUntilMs)
      .sort((a, b) => a.dueMs - b.dueMs),
    usage: [...record.usage].sort((a, b) => a.atMs - b.atMs),
    registry: registryFacts(scenario, record),
    ...(jobs ? { jobs } : {}),
    ...(stream ? { stream } : {}),
    ...(data ? { data } : {}),
    ...(residency ? { residency } : {}),
    ...(record.connections ? { connections: record.connections } : {}),
    ...(identity ? { identity } : {}),
  };
};

/** Milliseconds from when it was due until its answer was complete, or it was given up. */
export const latencyMsOf = (request: RequestRecord): number => Math.max(0, request.endMs - request.dueMs);

/** The outcome by the caller's clock, which started when the request was due. */
export const outcomeOf = (request: RequestRecord, load: Pick<LoadPlan, 'timeoutMs'>): Outcome =>
  request.outcome === 'ok' && latencyMsOf(request) > load.timeoutMs ? 'timeout' : request.outcome;

export const phaseFacts = (phase: Phase, run: RunFacts): PhaseFacts => {
  const measured = clipTo(phase.windows, run.measuredUntilMs);
  const outcomes: Record<Outcome, number> = { ok: 0, 'http-error': 0, timeout: 0, 'connection-error': 0 };
  const latency = createLatencyHistogram();
  const servedBy: Record<string, number> = {};
  const byRung: Record<string, { answers: number; predicted: number; correct: number }> = {};
  const counts = { requests: 0, good: 0, shed: 0, degraded: 0, predicted: 0, correct: 0 };
  for (const request of run.requests) {
    if (!isWithin(measured, request.dueMs)) continue;
    const outcome = outcomeOf(request, run.load);
    counts.requests += 1;
    outcomes[outcome] += 1;
    latency.record(latencyMsOf(request));
    if (request.isShed) counts.shed += 1;
    if (outcome !== 'ok') continue;
    if (latencyMsOf(request) <= run.load.goodWithinMs) counts.good += 1;
    if (request.degraded !== '') {
      counts.degraded += 1;
      byRung[request.degraded] ??= { answers: 0, predicted: 0, correct: 0 };
      const rung = byRung[request.degraded]!;
      rung.answers += 1;
      if (request.isCorrect !== null) rung.predicted += 1;
      if (request.isCorrect) rung.correct += 1;
    }
    if (request.isCorrect !== null) counts.predicted += 1;
    if (request.isCorrect) counts.correct += 1;
    if (request.servedBy !== '') servedBy[request.servedBy] = (servedBy[request.servedBy] ?? 0) + 1;
  }
  const endpoints = usageWithin(run.usage, measured);
  return {
    run,
    phase,
    measuredMs: lengthMsOf(measured),
    outcomes,
    succeeded: outcomes.ok,
    latency,
    costUsd: endpoints && totalUsd(costOf(endpoints)),
    endpoints,
    servedBy,
    byRung,
    ...counts,
  };
};
