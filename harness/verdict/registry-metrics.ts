import type { PhaseFacts } from './facts.ts';
import { formatTime } from './format.ts';
import type { Measurement } from './metrics.ts';
import { clipTo, isWithin, windowOf } from './phases.ts';
import type { PublishFact, RegistryFacts } from './registry-facts.ts';
import { type Attempt, findRestoration, type Objective } from './restoration.ts';

const NONE: Measurement = { type: 'unmeasurable', why: 'the scenario has no registry', samples: 0 };

const within = <Fact extends { readonly startMs: number }>(
  { phase, run }: PhaseFacts,
  facts: readonly Fact[],
): readonly Fact[] => {
  const windows = clipTo(phase.windows, run.measuredUntilMs);
  return facts.filter(({ startMs }) => isWithin(windows, startMs));
};

const audited = ({ run }: PhaseFacts, measure: (registry: RegistryFacts) => Measurement): Measurement => {
  if (!run.registry) return NONE;
  if (!run.registry.wasAudited)
    return { type: 'unmeasurable', why: 'no replica could be looked at when the run ended', samples: 0 };
  return measure(run.registry);
};

const acknowledgedIn = (publishes: readonly PublishFact[]) => publishes.filter(({ version }) => version !== null);

/** Acknowledged versions that are gone when the run ends. A phase of a fault has those that were acknowledged until the fault ended. */
const lostOf = (facts: PhaseFacts, { publishes }: RegistryFacts) => {
  const { phase, run } = facts;
  const untilMs = Math.min(run.measuredUntilMs, phase.windows.at(-1)?.endMs ?? 0);
  // What a disaster takes was acknowledged before it, or while it lasted.
  const candidates = phase.kind === 'fault' ? publishes.filter(({ endMs }) => endMs < untilMs) : within(facts, publishes);
  const acknowledged = acknowledgedIn(candidates);
  return { acknowledged, lost: acknowledged.filter(({ isLost }) => isLost) };
};

/** How many acknowledged versions are gone. */
export const lostVersions = (facts: PhaseFacts): Measurement =>
  audited(facts, (registry) => {
    const { acknowledged, lost } = lostOf(facts, registry);
    return { type: 'value', value: lost.length, samples: acknowledged.length };
  });

/**
 * How far back acknowledged versions are gone: from the acknowledgement of the oldest that is lost to that of the newest, or to the start of the
 * first fault, whichever is later. 0 where none is.
 */
export const recoveryPoint = (facts: PhaseFacts): Measurement =>
  audited(facts, (registry) => {
    const { acknowledged, lost } = lostOf(facts, registry);
    const samples = acknowledged.length;
    if (lost.length === 0) return { type: 'value', value: 0, samples };
    const ends = lost.map(({ endMs }) => endMs);
    const { run, phase } = facts;
    const faults = run.faults.filter(({ name }) => phase.kind !== 'fault' || name === phase.name);
    const startMs = Math.min(...faults.map((fault) => windowOf(fault, run.durationMs).startMs));
    const until = Math.max(...ends, Number.isFinite(startMs) ? startMs : 0);
    return { type: 'value', value: until - Math.min(...ends), samples };
  });

/** One that never came back is worse than any time, and one that nobody can judge worse than a time that is known. */
const worst = (measurements: readonly Measurement[], why: string): Measurement => {
  const values = measurements.filter((one) => one.type === 'value').toSorted((a, b) => b.value - a.value);
  return (
    measurements.find(({ type }) => type === 'never') ??
    measurements.find(({ type }) => type === 'unmeasurable') ??
    values[0] ?? { type: 'unmeasurable', why, samples: 0 }
  );
};

/**
 * From the start of a fault until publishing works again, and reading does, whichever is later; both hold at the objective for a full window,
 * before the timeline ends. An attempt counts when it ends: what works is known then.
 */
export const recoveryOfRegistry = ({ phase, run }: PhaseFacts, objective: Objective): Measurement => {
  if (!run.registry) return NONE;
  const inOrder = (attempts: readonly Attempt[]) => attempts.toSorted((a, b) => a.dueMs - b.dueMs);
  const kinds = [
    inOrder(run.registry.publishes.map(({ endMs, version }) => ({ dueMs: endMs, isGood: version !== null }))),
    inOrder(run.registry.reads.map(({ endMs, isGood, isStale }) => ({ dueMs: endMs, isGood: isGood && !isStale }))),
  ].filter((attempts) => attempts.length > 0);
  const search = (startMs: number, attempts: readonly Attempt[], samples: number): Measurement => {
    const foundMs = findRestoration(attempts, startMs, run.measuredUntilMs, objective);
    if (foundMs !== null) return { type: 'value', value: foundMs, samples };
    if (run.measuredUntilMs === run.durationMs) return { type: 'never', samples };
    return { type: 'unmeasurable', why: `the run ended at ${formatTime(run.measuredUntilMs)}`, samples };
  };
  const faults = run.faults.filter(({ name }) => phase.kind !== 'fault' || name === phase.name);
  const found = faults.map((fault) => {
    const { startMs } = windowOf(fault, run.durationMs);
    const samples = kinds.flat().filter(({ dueMs }) => dueMs >= startMs && dueMs < run.measuredUntilMs).length;
    return worst(
      kinds.map((attempts) => search(startMs, attempts, samples)),
      'nobody publishes or reads',
    );
  });
  return worst(found, 'no fault is on the timeline');
};

/** Of the reads that told of a version, those that told of one that had long been followed by another: part and whole. */
export const staleReads = (facts: PhaseFacts): readonly [part: number, whole: number] => {
  const told = within(facts, facts.run.registry?.reads ?? []).filter(({ version }) => version !== null);
  return [told.filter(({ isStale }) => isStale).length, told.length];
};

/** Of all reads, those that told of a version and gave its bytes: part and whole. */
export const goodReads = (facts: PhaseFacts): readonly [part: number, whole: number] => {
  const all = within(facts, facts.run.registry?.reads ?? []);
  return [all.filter(({ isGood }) => isGood).length, all.length];
};

/** 1 when the first of the registry's regions leads at the end of the phase, 0 when another does. */
export const firstLeads = ({ phase, run }: PhaseFacts): Measurement => {
  if (!run.registry) return NONE;
  const { reigns, firstRegion } = run.registry;
  const untilMs = Math.min(run.measuredUntilMs, phase.windows.at(-1)?.endMs ?? 0);
  const last = reigns.findLast(({ atMs }) => atMs < untilMs);
  if (!last) return { type: 'unmeasurable', why: 'nobody has led', samples: 0 };
  return { type: 'value', value: last.region === firstRegion ? 1 : 0, samples: 1 };
};
