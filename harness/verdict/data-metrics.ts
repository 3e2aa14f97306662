import { composed } from '../serving/privacy/composition.ts';
import type { DataFacts, ReadFact } from './data-facts.ts';
import type { PhaseFacts } from './facts.ts';
import type { Measurement } from './metrics.ts';
import { clipTo, isWithin, windowOf } from './phases.ts';

const NONE: Measurement = { type: 'unmeasurable', why: 'the scenario has no datasets', samples: 0 };

const KIND = 'data-exfiltration';

/** An alert that comes so long after the intruder has gone is about the intruder still. */
const GRACE_MS = 5000;

/** No epsilon bounds what an exact answer tells; it is counted as this many, so that one is beyond any budget. */
export const EXACT_EPSILON = 1000;

/** The delta that losses are added up at. */
export const LOSS_DELTA = 1e-5;

const within = <Fact extends { readonly atMs: number }>({ phase, run }: PhaseFacts, facts: readonly Fact[]): readonly Fact[] => {
  const windows = clipTo(phase.windows, run.measuredUntilMs);
  return facts.filter(({ atMs }) => isWithin(windows, atMs));
};

const of = (facts: PhaseFacts, measure: (data: DataFacts) => Measurement): Measurement =>
  facts.run.data ? measure(facts.run.data) : NONE;

/** Thefts of the timeline, with their tenants. */
const theftsOf = ({ run, phase }: PhaseFacts) =>
  run.faults
    .filter(({ kind, name }) => kind === KIND && (phase.kind !== 'fault' || name === phase.name))
    .map((fault) => ({ ...windowOf(fault, run.durationMs), tenant: String(fault.settings.tenant) }));

export const unauditedReads = (facts: PhaseFacts): Measurement =>
  of(facts, ({ reads, wasAudited }) => {
    if (!wasAudited)
      return { type: 'unmeasurable', why: 'a node that keeps datasets could not be looked at when the run ended', samples: 0 };
    return { type: 'value', value: reads.filter(({ isAudited }) => !isAudited).length, samples: reads.length };
  });

/** From the start of a theft until the first alert about its tenant; of several the longest. One that never comes is longer than any bound. */
export const alertDelay = (facts: PhaseFacts): Measurement =>
  of(facts, ({ alerts, reads }) => {
    const thefts = theftsOf(facts);
    if (thefts.length === 0) return { type: 'unmeasurable', why: 'nobody steals', samples: 0 };
    const samples = reads.filter(({ isTheft }) => isTheft).length;
    const delays = thefts.map(({ startMs, endMs, tenant }) => {
      const first = alerts.find(({ caller, atMs }) => caller === tenant && atMs >= startMs && atMs <= endMs + GRACE_MS);
      return first ? first.atMs - startMs : null;
    });
    if (delays.includes(null)) return { type: 'never', samples };
    return { type: 'value', value: Math.max(...(delays as number[])), samples };
  });

/** Alerts about whom nobody was stealing from then. */
export const falseAlerts = (facts: PhaseFacts): Measurement =>
  of(facts, ({ alerts, reads }) => {
    const thefts = facts.run.faults.filter(({ kind }) => kind === KIND);
    const isTrue = (caller: string, atMs: number) =>
      thefts.some((fault) => {
        const { startMs, endMs } = windowOf(fault, facts.run.durationMs);
        return caller === fault.settings.tenant && atMs >= startMs && atMs <= endMs + GRACE_MS;
      });
    const all = within(facts, alerts);
    return {
      type: 'value',
      value: all.filter(({ caller, atMs }) => !isTrue(caller, atMs)).length,
      samples: within(facts, reads).length,
    };
  });

export const stolenRows = (facts: PhaseFacts): Measurement =>
  of(facts, ({ reads }) => {
    const stolen = within(facts, reads).filter(({ isTheft }) => isTheft);
    return { type: 'value', value: stolen.reduce((sum, { rows }) => sum + rows, 0), samples: within(facts, reads).length };
  });

const statisticsOf = ({ reads }: DataFacts): ReadonlyMap<string, readonly ReadFact[]> =>
  Map.groupBy(
    reads.filter(({ statistic }) => statistic !== undefined),
    ({ tenant, dataset }) => JSON.stringify([tenant, dataset]),
  );

const lossOf = (reads: readonly ReadFact[]): number => {
  const byLoss = Map.groupBy(reads, ({ statistic }) => JSON.stringify(statistic!.loss));
  return [...byLoss.values()].reduce((sum, same) => {
    const each = same[0]!.statistic!.loss;
    return sum + (each ? composed('advanced', same.length, each, LOSS_DELTA).epsilon : same.length * EXACT_EPSILON);
  }, 0);
};

/** Of the tenant that was told the most about a dataset. */
export const privacyLoss = (facts: PhaseFacts): Measurement =>
  of(facts, (data) => {
    const all = [...statisticsOf(data).values()];
    const samples = all.reduce((sum, reads) => sum + reads.length, 0);
    if (samples === 0) return { type: 'unmeasurable', why: 'nobody was given a statistic', samples };
    return { type: 'value', value: Math.max(...all.map(lossOf)), samples };
  });

/** Counts that a tenant must have been given for its error to say something. */
const MIN_COUNTS = 3;

const errorOf = (reads: readonly ReadFact[], { exactlyOf }: DataFacts): number | null => {
  const counts = reads.filter(({ statistic }) => statistic!.asked.startsWith('of=count'));
  const errors = [...Map.groupBy(counts, ({ statistic }) => statistic!.asked)].flatMap(([asked, answers]) => {
    const [truth] = exactlyOf(answers[0]!.dataset, asked) ?? [];
    if (truth === undefined) return [];
    return (answers.reduce((sum, { statistic }) => sum + statistic!.values[0]!, 0) / answers.length - truth) ** 2;
  });
  return errors.length < MIN_COUNTS ? null : Math.sqrt(errors.reduce((sum, error) => sum + error, 0) / errors.length);
};

/** Of the tenant that comes nearest to the truth by averaging what it was given. */
export const reconstructionError = (facts: PhaseFacts): Measurement =>
  of(facts, (data) => {
    const all = [...statisticsOf(data).values()];
    const errors = all.flatMap((reads) => errorOf(reads, data) ?? []);
    const samples = all.reduce((sum, reads) => sum + reads.length, 0);
    if (errors.length === 0) return { type: 'unmeasurable', why: `nobody was given ${MIN_COUNTS} different counts`, samples };
    return { type: 'value', value: Math.min(...errors), samples };
  });
