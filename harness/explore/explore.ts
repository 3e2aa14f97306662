import { type Arbitrary, Value } from 'fast-check';
import { SquallError } from '../errors.ts';
import { isIdentity } from '../faults/identity-node.ts';
import type { Shard } from '../shard.ts';
import { faultableLinks } from '../topology/node-placements.ts';
import { asSpoken } from '../topology/secured-links.ts';
import type { Observations } from '../world/sim/observations.ts';
import type { RunPlan, RunRecord } from '../world/world.ts';
import { schedulesArbitrary } from './arbitrary/schedules.ts';
import { type ExploreBounds, exploreBounds } from './bounds.ts';
import { draw, simplerThan } from './draw.ts';
import { faultsOf, keyOfSchedule, type Schedule } from './schedule.ts';
import { type Budget, search } from './search.ts';
import { shrink } from './shrink.ts';
import { planUnder, type Violation, violationsOf } from './violations.ts';

/** What runs plans in sim: a pool of threads, or a test's own. */
export interface Simulator {
  run(plan: RunPlan): Promise<RunRecord & { readonly observations: Observations }>;
}

export interface ExploreProgress {
  readonly stage: 'searching' | 'shrinking';
  /** Schedules judged while searching, simpler ones tried while shrinking. */
  readonly done: number;
  /** Runs a second since the start, repeated schedules left out. */
  readonly runsPerS: number;
  readonly elapsedMs: number;
}

export interface ExploreOptions {
  readonly simulator: Simulator;
  readonly budget: Budget;
  readonly shard: Shard;
  /** Runs at the same time, at least 1: changes how long it takes, not what is found. */
  readonly width: number;
  readonly signal: AbortSignal;
  /** Clock for the budget and the progress, milliseconds. */
  readonly nowMs: () => number;
  readonly onProgress?: (progress: ExploreProgress) => void;
}

/** A schedule under which something broke. */
export interface ExploreFinding {
  /** As simple as it could be made. */
  readonly schedule: Schedule;
  /** The first is what the search shrank by. */
  readonly violations: readonly Violation[];
  /** `number:step:step...`: the schedule's number in the seed's sequence, and the simpler schedules taken from there. */
  readonly path: string;
  /** As it was drawn. */
  readonly original: Schedule;
  /** Simpler schedules that were tried. */
  readonly tried: number;
  /** False when shrinking was stopped by its limit or an interruption. */
  readonly isMinimal: boolean;
}

export interface ExploreResult {
  readonly bounds: ExploreBounds;
  /** Schedules that were judged before one failed or the search ended. */
  readonly judged: number;
  /** Runs that were made for it, shrinking included; equal schedules run once. */
  readonly runs: number;
  readonly elapsedMs: number;
  readonly ended: 'found' | 'budget' | 'interrupted';
  readonly finding: ExploreFinding | undefined;
}

/** Most simpler schedules that a shrink looks at. */
const MAX_TRIED = 1000;

type Judge = (schedule: Value<Schedule>) => Promise<readonly Violation[]>;

/** Runs schedules and judges them; equal ones once. */
const createJudge = (plan: RunPlan, bounds: ExploreBounds, simulator: Simulator) => {
  const known = new Map<string, Promise<readonly Violation[]>>();
  const run = async (schedule: Schedule): Promise<readonly Violation[]> => {
    const under = planUnder(plan, faultsOf(schedule, bounds.kinds), bounds);
    const { observations, ...record } = await simulator.run(under);
    if (record.end.type === 'broken') throw new SquallError('GATEWAY_FAILED', `A simulated run broke: ${record.end.text}`);
    return violationsOf(under, record, observations, bounds);
  };
  const judge: Judge = ({ value }) => {
    const key = keyOfSchedule(value);
    const judged = known.get(key) ?? run(value);
    known.set(key, judged);
    return judged;
  };
  return { judge, runs: () => known.size };
};

/** How often each kind comes first, with other settings. */
const ROUNDS = 8;
/** Draws after which a first schedule is taken as it comes: a kind that the topology has no place for never comes. */
const MAX_DRAWS = 500;

/** A long fault of that kind alone, on at least as many regions as there are providers, or on all that it can act on. */
const isSevere = (schedule: Schedule, kind: string, { maxLengthMs }: ExploreBounds, regions: number): boolean => {
  const [fault] = schedule;
  return (
    schedule.length === 1 &&
    fault!.kind === kind &&
    fault!.probability === undefined &&
    fault!.targets.length >= regions &&
    fault!.forMs >= maxLengthMs / 2
  );
};

/**
 * The schedule with that number. Number 0 is the empty schedule: what breaks without faults is not worth a search. Of the next ones every other has each
 * kind in turn with nothing left that the design would rather use: what happens only then a search in the wide comes late to. All others are drawn.
 */
const createSchedules = ({ links, seed }: RunPlan, arbitrary: Arbitrary<Schedule>, bounds: ExploreBounds) => {
  const providers = new Set(links.map(({ provider }) => provider)).size;
  const { kinds } = bounds;
  return (index: number): Value<Schedule> => {
    if (index === 0) return new Value<Schedule>([], undefined);
    const turn = (index - 1) / 2;
    const kind = kinds[turn % kinds.length]?.kind;
    if (kind === undefined || turn >= ROUNDS * kinds.length) return draw(arbitrary, seed, String(index));
    for (let attempt = 0; attempt < MAX_DRAWS; attempt += 1) {
      const drawn = draw(arbitrary, seed, `${index} ${attempt}`);
      if (isSevere(drawn.value, kind, bounds, providers)) return drawn;
    }
    return draw(arbitrary, seed, String(index));
  };
};

/**
 * Looks for a fault schedule under which the plan's design breaks an invariant or an expectation, and makes it as simple as it can.
 * The same plan, seed, shard and count of schedules give the same result for any width.
 * @param plan its scenario's own faults are left out; its seed draws the schedules as well
 * @throws {SquallError} `BAD_SCENARIO` when the timeline has no room; what the simulator throws
 */
export const explore = async (plan: RunPlan, options: ExploreOptions): Promise<ExploreResult> => {
  const { simulator, budget, shard, width, signal, nowMs, onProgress } = options;
  const bounds = exploreBounds(plan.scenario);
  // What befalls the issuer is for scenarios that have it in mind: a search would find what is by design, that nobody is let in.
  const links = asSpoken(faultableLinks(plan), plan.design).filter((link) => !isIdentity(link));
  const arbitrary = schedulesArbitrary(links, bounds);
  const { judge, runs } = createJudge(plan, bounds, simulator);
  const startedAtMs = nowMs();
  const tell = (stage: ExploreProgress['stage'], done: number) => {
    const elapsedMs = nowMs() - startedAtMs;
    onProgress?.({ stage, done, elapsedMs, runsPerS: elapsedMs > 0 ? (runs() * 1000) / elapsedMs : 0 });
  };

  const { found, judged, ended } = await search<Value<Schedule>, readonly Violation[]>({
    itemAt: createSchedules(plan, arbitrary, bounds),
    judge,
    isWanting: (violations) => violations.length > 0,
    budget,
    shard,
    width,
    signal,
    nowMs,
    onJudged: (count) => tell('searching', count),
  });
  const finding = found && (await simplify(found, arbitrary, judge, options, (tried) => tell('shrinking', tried)));
  return { bounds, judged, runs: runs(), elapsedMs: nowMs() - startedAtMs, ended, finding };
};

/** Those that differ: what shrinks in a fault that is left out changes nothing. */
function* simplerSchedules(arbitrary: Arbitrary<Schedule>, item: Value<Schedule>): Generator<Value<Schedule>> {
  // The empty schedule of number 0 was not drawn: fast-check knows nothing of it.
  if (item.value.length === 0) return;
  const key = keyOfSchedule(item.value);
  for (const simpler of simplerThan(arbitrary, item)) if (keyOfSchedule(simpler.value) !== key) yield simpler;
}

const simplify = async (
  found: { readonly index: number; readonly item: Value<Schedule>; readonly result: readonly Violation[] },
  arbitrary: Arbitrary<Schedule>,
  judge: Judge,
  { width, signal }: ExploreOptions,
  onTried: (tried: number) => void,
): Promise<ExploreFinding> => {
  // By one rule only: a schedule that breaks something else is another finding.
  const rule = found.result[0]!.rule;
  const { item, result, path, tried, isMinimal } = await shrink(found, {
    simplerThan: (item) => simplerSchedules(arbitrary, item),
    judge,
    isWanting: (violations) => violations.some((violation) => violation.rule === rule),
    width,
    maxTried: MAX_TRIED,
    signal,
    onTried,
  });
  const first = result.filter((violation) => violation.rule === rule);
  return {
    schedule: item.value,
    violations: [...first, ...result.filter((violation) => violation.rule !== rule)],
    path: [found.index, ...path].join(':'),
    original: found.item.value,
    tried,
    isMinimal,
  };
};
