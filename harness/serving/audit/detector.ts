/** What a read shows of itself to whoever watches. */
export interface Sighting {
  /** Whose credentials it was made with. */
  readonly caller: string;
  readonly atMs: number;
  readonly dataset: string;
  /** Rows that were given; 0 where it was refused. */
  readonly rows: number;
  /** Where the caller was, e.g. `us-east`. */
  readonly region: string;
  readonly isRefused: boolean;
}

/** What is unusual about it. */
export type AlertKind = 'volume' | 'drift' | 'time' | 'place' | 'caller' | 'dataset';

export interface Alert {
  readonly kind: AlertKind;
  readonly caller: string;
  readonly atMs: number;
  /** A sentence. */
  readonly text: string;
}

export interface DetectorOptions {
  /** Rules: place, time, dataset, caller. Statistics: volume, drift. */
  readonly mode: 'rules' | 'statistics' | 'both';
  /** What a caller reads is added up over such windows. */
  readonly windowMs: number;
  /** Deviations above the usual from which on a window is unusual. */
  readonly threshold: number;
  /** How long of a kind about a caller nothing more is said. */
  readonly cooldownMs: number;
  /** Hour of a caller's day, 0..23. */
  hourOf(atMs: number): number;
  /** Which day it is, in any counting. */
  dayOf(atMs: number): number;
}

/** Windows with reads that a caller must have had before its volume is judged. */
const WARM_WINDOWS = 8;
/** Weight of the newest window in what is usual: the last twenty or so count. */
const WEIGHT = 0.1;
/** No caller is so regular that less than this, a fifth more or less, is unusual: of the logarithm of rows. */
const LEAST_DEVIATION = 0.2;
/** The same for slow rises: a month of windows of an hour; what is usual must not follow a rise before it is seen. */
const SLOW_WEIGHT = 0.01;
/** Windows with reads that a caller must have had before a slow rise is looked for. */
const WARM_DRIFT_WINDOWS = 40;
/** A sum of deviations beyond one a window, from which on a slow rise is one. */
const DRIFT_LIMIT = 12;
/** Reads that a caller must have made before a place or a dataset is new to it, and an hour of the day. */
const WARM_READS = 30;
const WARM_READS_OF_DAY = 200;
const WARM_DAYS = 5;
/** Share of a caller's reads in an hour and its neighbours below which it is no time of its own. */
const RARE_HOUR = 0.002;
/** Refusals in one window from which on somebody is trying doors. */
const MANY_REFUSALS = 5;
/** Memory is bounded, however many a caller has been to. */
const MAX_PLACES = 8;
const MAX_DATASETS = 32;
const MAX_CALLERS = 10_000;

/** All that is kept of a caller: its size does not depend on how much the caller reads. */
interface Profile {
  reads: number;
  readonly places: Set<string>;
  readonly datasets: Set<string>;
  readonly hours: number[];
  days: number;
  lastDay: number;
  window: number;
  rows: number;
  refused: number;
  windows: number;
  /** Of the logarithm of a window's rows. */
  mean: number;
  slowMean: number;
  deviation: number;
  drift: number;
  readonly saidAtMs: Partial<Record<AlertKind, number>>;
}

const newProfile = (): Profile => ({
  reads: 0,
  places: new Set(),
  datasets: new Set(),
  hours: Array.from({ length: 24 }, () => 0),
  days: 0,
  lastDay: Number.NaN,
  window: Number.NaN,
  rows: 0,
  refused: 0,
  windows: 0,
  mean: 0,
  slowMean: 0,
  deviation: 0,
  drift: 0,
  saidAtMs: {},
});

const spreadOf = ({ deviation }: Profile): number => Math.max(deviation, LEAST_DEVIATION);

/** Takes a finished window into what is usual. What is far off moves it no further than this: who steals does not teach, nor does an outage. */
const REACH = 3;

const closeWindow = (profile: Profile): void => {
  if (profile.rows > 0) {
    const size = Math.log1p(profile.rows);
    const { mean, windows } = profile;
    const isWarm = windows >= WARM_WINDOWS;
    const reach = isWarm ? REACH * spreadOf(profile) : Number.POSITIVE_INFINITY;
    const offset = Math.min(reach, Math.max(-reach, size - mean));
    const rise = Math.min(REACH, (size - profile.slowMean) / spreadOf(profile));
    if (windows >= WARM_DRIFT_WINDOWS) profile.drift = Math.max(0, profile.drift + rise - 1);
    profile.slowMean += Math.max(SLOW_WEIGHT, 1 / (windows + 1)) * (size - profile.slowMean);
    // The first windows have equal weights.
    const weight = Math.max(WEIGHT, 1 / (windows + 1));
    profile.mean += weight * offset;
    if (windows > 0) profile.deviation += weight * (Math.abs(offset) - profile.deviation);
    profile.windows += 1;
  }
  profile.rows = 0;
  profile.refused = 0;
};

interface Finding {
  readonly kind: AlertKind;
  readonly text: string;
}

/** Bounded sets: what is over the bound stays new. */
const learn = (known: Set<string>, name: string, max: number): void => {
  if (known.size < max) known.add(name);
};

const byRules = (
  profile: Profile,
  { caller, dataset, region, isRefused, atMs }: Sighting,
  options: DetectorOptions,
): readonly Finding[] => {
  const found: Finding[] = [];
  const add = (kind: AlertKind, text: string) => found.push({ kind, text });
  if (isRefused) {
    if (profile.refused >= MANY_REFUSALS) add('caller', `${caller} was refused ${profile.refused} times in one window.`);
    return found;
  }
  const isWarm = profile.reads >= WARM_READS;
  if (isWarm && !profile.places.has(region)) add('place', `${caller} reads from ${region} for the first time.`);
  if (isWarm && !profile.datasets.has(dataset)) add('dataset', `${caller} reads ${dataset} for the first time.`);
  if (profile.reads >= WARM_READS_OF_DAY && profile.days >= WARM_DAYS) {
    const hour = options.hourOf(atMs);
    const near = [23, 0, 1].reduce((sum, step) => sum + profile.hours[(hour + step) % 24]!, 0);
    if (near / profile.reads < RARE_HOUR) add('time', `${caller} reads at ${hour} o'clock, when it hardly ever does.`);
  }
  return found;
};

const byStatistics = (profile: Profile, { caller }: Sighting, { threshold }: DetectorOptions): readonly Finding[] => {
  if (profile.windows < WARM_WINDOWS) return [];
  const found: Finding[] = [];
  const deviations = (Math.log1p(profile.rows) - profile.mean) / spreadOf(profile);
  if (deviations > threshold) {
    const usual = Math.round(Math.expm1(profile.mean));
    found.push({ kind: 'volume', text: `${caller} has read ${profile.rows} rows in one window; ${usual} are usual.` });
  }
  if (profile.drift > DRIFT_LIMIT) found.push({ kind: 'drift', text: `${caller} has read more than usual for many windows.` });
  return found;
};

/** Looks at reads one by one, in order of time, and says which are unusual for their caller. */
export const createDetector = (options: DetectorOptions): ((sighting: Sighting) => readonly Alert[]) => {
  const profiles = new Map<string, Profile>();
  const { mode, windowMs, cooldownMs } = options;

  const profileOf = (caller: string): Profile => {
    const known = profiles.get(caller);
    if (known) return known;
    // The caller that was seen first is forgotten: whoever makes names up fills no memory.
    if (profiles.size >= MAX_CALLERS) profiles.delete(profiles.keys().next().value!);
    const profile = newProfile();
    profiles.set(caller, profile);
    return profile;
  };

  return (sighting) => {
    const { caller, atMs, dataset, rows, region, isRefused } = sighting;
    const profile = profileOf(caller);
    const window = Math.floor(atMs / windowMs);
    if (window !== profile.window) closeWindow(profile);
    profile.window = window;
    profile.rows += rows;
    if (isRefused) profile.refused += 1;

    const found = [
      ...(mode === 'statistics' ? [] : byRules(profile, sighting, options)),
      ...(mode === 'rules' ? [] : byStatistics(profile, sighting, options)),
    ].filter(({ kind }) => atMs - (profile.saidAtMs[kind] ?? Number.NEGATIVE_INFINITY) >= cooldownMs);

    if (!isRefused) {
      const day = options.dayOf(atMs);
      if (day !== profile.lastDay) profile.days += 1;
      profile.lastDay = day;
      profile.reads += 1;
      const hour = options.hourOf(atMs);
      profile.hours[hour] = profile.hours[hour]! + 1;
      learn(profile.places, region, MAX_PLACES);
      learn(profile.datasets, dataset, MAX_DATASETS);
    }
    for (const { kind } of found) {
      profile.saidAtMs[kind] = atMs;
      if (kind === 'drift') profile.drift = 0;
    }
    return found.map(({ kind, text }) => ({ kind, caller, atMs, text }));
  };
};
