import { createRandom } from '../random.ts';
import type { Sighting } from '../serving/audit/detector.ts';

/** What somebody does with a caller's credentials in a trace. */
export type TheftKind = 'bulk' | 'odd-hours' | 'elsewhere' | 'new-dataset' | 'slow' | 'mimic';

/** A theft that the trace has: what a detector should say something of. */
export interface Theft {
  readonly kind: TheftKind;
  readonly caller: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface LabelledTrace {
  /** In order of time. */
  readonly sightings: readonly Sighting[];
  readonly thefts: readonly Theft[];
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Length of a trace, and its callers: each kind of theft befalls one in six of them. */
export const TRACE_DAYS = 28;
export const TRACE_CALLERS = 60;
/** No theft is earlier: what is usual has to be seen first. */
const FIRST_THEFT_DAY = 14;

const KINDS: readonly TheftKind[] = ['bulk', 'odd-hours', 'elsewhere', 'new-dataset', 'slow', 'mimic'];
const REGIONS = ['us-east', 'us-west', 'eu-west', 'eu-central', 'ap-northeast'];
const DATASETS = Array.from({ length: 12 }, (_, index) => `dataset-${index + 1}`);

interface Draws {
  readonly uniform: () => number;
  normal(): number;
  of<One>(all: readonly One[]): One;
  poisson(mean: number): number;
}

const drawsOf = (uniform: () => number): Draws => ({
  uniform,
  normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  of: (all) => all[Math.floor(uniform() * all.length)]!,
  poisson(mean) {
    // Knuth's: means are below a hundred.
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = uniform(); product > limit; product *= uniform()) count += 1;
    return count;
  },
});

/** A caller's habits. */
interface Habits {
  readonly name: string;
  readonly home: string;
  /** Where it is now and then; null where it is at home only. */
  readonly second: string | null;
  readonly datasets: readonly string[];
  /** A job of every night, or somebody who works by day. */
  readonly isJob: boolean;
  /** Hour of the day that it begins at, and how many hours it works. */
  readonly begins: number;
  readonly hours: number;
  /** Pages of an hour, on average, and rows of a page. */
  readonly pages: number;
  readonly page: number;
}

const habitsOf = (index: number, { uniform, normal, of }: Draws): Habits => {
  const isJob = uniform() < 0.2;
  const home = of(REGIONS);
  const first = Math.floor(uniform() * DATASETS.length);
  return {
    name: `caller-${index + 1}`,
    home,
    second: uniform() < 0.25 ? REGIONS[(REGIONS.indexOf(home) + 1) % REGIONS.length]! : null,
    datasets: Array.from({ length: 1 + Math.floor(3 * uniform()) }, (_, step) => DATASETS[(first + step) % DATASETS.length]!),
    isJob,
    begins: isJob ? 1 + Math.floor(4 * uniform()) : Math.min(11, Math.max(5, Math.round(8 + normal()))),
    hours: isJob ? 3 : 9,
    pages: Math.min(60, 12 * Math.exp(0.5 * normal())),
    page: of([20, 50, 100]),
  };
};

/** How a caller's hour differs from its habits. */
interface Hour {
  readonly times: number;
  readonly region?: string;
  readonly dataset?: string;
}

/** Reads of one hour: a Poisson number of pages, whose mean is spread from hour to hour as well. */
const readsOf = (habits: Habits, startMs: number, draws: Draws, { times, region, dataset }: Hour): readonly Sighting[] => {
  const { uniform, of, poisson, normal } = draws;
  const mean = Math.min(600, habits.pages * Math.exp(0.3 * normal()) * times);
  let pages = 0;
  for (let left = mean; left > 0; left -= 60) pages += poisson(Math.min(60, left));
  return Array.from({ length: pages }, () => ({
    caller: habits.name,
    atMs: startMs + Math.floor(HOUR_MS * uniform()),
    dataset: dataset ?? of(habits.datasets),
    rows: habits.page,
    region: region ?? (habits.second !== null && uniform() < 0.1 ? habits.second : habits.home),
    isRefused: false,
  }));
};

/** Where and when a theft of a kind is: the day is one that its caller works on. */
const theftOf = (kind: TheftKind, { name, begins, isJob }: Habits, day: number, { uniform }: Draws): Theft => {
  const workMs = day * DAY_MS + (begins + (isJob ? 0 : 1 + Math.floor(4 * uniform()))) * HOUR_MS;
  if (kind === 'slow') return { kind, caller: name, startMs: day * DAY_MS, endMs: (day + 5) * DAY_MS };
  const startMs = kind === 'odd-hours' ? day * DAY_MS + ((begins + 14) % 24) * HOUR_MS : workMs;
  return { kind, caller: name, startMs, endMs: startMs + (1 + Math.floor(2 * uniform())) * HOUR_MS };
};

const THEFT_HOURS: Readonly<Record<TheftKind, (habits: Habits) => Hour>> = {
  bulk: () => ({ times: 8 }),
  'odd-hours': () => ({ times: 1 }),
  elsewhere: ({ home }) => ({ times: 0.5, region: REGIONS[(REGIONS.indexOf(home) + 3) % REGIONS.length]! }),
  'new-dataset': ({ datasets }) => ({ times: 0.5, dataset: DATASETS[(DATASETS.indexOf(datasets[0]!) + 6) % DATASETS.length]! }),
  slow: () => ({ times: 0.8 }),
  mimic: () => ({ times: 0.3 }),
};

/** Nothing is wrong, and it looks as if: an hour of a report at the end of the month. */
const REPORT_SHARE = 0.3;
const REPORT_TIMES = 2;

/** A trace of four weeks, the same for the same seed; docs/data.md has its distributions in words. */
export const labelledTrace = (seed: number): LabelledTrace => {
  const thefts: Theft[] = [];
  const sightings: Sighting[] = [];
  for (let index = 0; index < TRACE_CALLERS; index += 1) {
    const draws = drawsOf(createRandom(seed, 'labelled-trace', String(index)));
    const habits = habitsOf(index, draws);
    const kind = KINDS[index % KINDS.length]!;
    // A Monday, so that a theft of five days is one of five working days.
    const monday = FIRST_THEFT_DAY + 7 * Math.floor(2 * draws.uniform());
    const theft = theftOf(kind, habits, kind === 'slow' ? monday : monday + Math.floor(5 * draws.uniform()), draws);
    thefts.push(theft);
    const reportDay = draws.uniform() < REPORT_SHARE ? 21 + Math.floor(5 * draws.uniform()) : -1;
    for (let day = 0; day < TRACE_DAYS; day += 1) {
      const works = habits.isJob || day % 7 < 5;
      for (let hour = 0; hour < 24; hour += 1) {
        const startMs = day * DAY_MS + hour * HOUR_MS;
        const since = hour - habits.begins;
        const isOvertime = since === habits.hours && draws.uniform() < 0.15;
        const isAtWork = works && ((since >= 0 && since < habits.hours) || isOvertime);
        const times = day === reportDay && since === 2 ? REPORT_TIMES : 1;
        if (isAtWork) sightings.push(...readsOf(habits, startMs, draws, { times }));
        // An intruder comes on top of what its caller does.
        const isTheft = startMs >= theft.startMs && startMs < theft.endMs && (kind !== 'slow' || isAtWork);
        if (isTheft) sightings.push(...readsOf(habits, startMs, draws, THEFT_HOURS[kind](habits)));
      }
    }
  }
  return { sightings: sightings.sort((a, b) => a.atMs - b.atMs), thefts };
};
