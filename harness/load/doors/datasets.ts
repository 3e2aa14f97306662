import { createRandom } from '../../random.ts';
import type { Dataset } from '../../serving/data/dataset.ts';
import { columnsOf } from '../../serving/data/generate.ts';
import { type Statistic, writeStatistic } from '../../serving/data/statistic.ts';
import type { Loss } from '../../serving/privacy/mechanism.ts';
import type { LaneAnswer } from '../lane.ts';
import type { DataRead } from '../sample.ts';
import { callerHeaders, isSuccess, judgementOf, LOST, type LoadDoor } from './door.ts';
import { marksIn } from './headers.ts';

/** How a tenant reads. */
export interface DatasetsCaller {
  readonly tenant: string;
  /** Where it is, e.g. `eu-west`. */
  readonly region: string;
  /** Names of what it reads. */
  readonly datasets: readonly string[];
  /** Rows of a page. */
  readonly page: number;
  /** Share of its requests that ask for a statistic, 0..1. */
  readonly statistics: number;
  /** How many different statistics it asks for. */
  readonly queries: number;
  /** Empty when it does not say. */
  readonly purpose: string;
}

/** What the load of the door is about. */
export interface DatasetsLoad {
  readonly datasets: readonly Dataset[];
  /** One a tenant. */
  readonly callers: readonly DatasetsCaller[];
}

/** The statistics that callers ask for: the first is the count of all rows; then counts of ranges, means and histograms in turn. */
const statisticAt = (dataset: Dataset, index: number): Statistic => {
  const columns = columnsOf(dataset);
  if (index === 0) return { of: 'count' };
  const column = columns[index % columns.length]!;
  const { name, min, max } = column;
  const third = Math.floor((max - min) / 3);
  if (index % 3 === 1) return { of: 'count', where: { column: name, from: min, to: min + third + (index % 5) } };
  if (index % 3 === 2) return { of: 'mean', column: name };
  return { of: 'histogram', column: name, bins: Math.min(10, Math.max(2, max - min)) };
};

interface Body {
  readonly id?: unknown;
  readonly dataset?: unknown;
  readonly reason?: unknown;
  readonly rows?: readonly unknown[];
  readonly statistic?: string;
  readonly values?: readonly number[];
  readonly noise?: Loss | null;
  readonly residency?: { readonly servedFrom?: string; readonly callerRegion?: string };
}

/** An answer is looked at several times, and parsed once. */
const parsed = new WeakMap<LaneAnswer, Body>();

const bodyOf = (answer: LaneAnswer): Body => {
  const known = parsed.get(answer);
  if (known) return known;
  let body: Body = {};
  try {
    body = (JSON.parse(answer.body as string) as Body | null) ?? {};
  } catch {
    // What is no JSON gives nothing.
  }
  parsed.set(answer, body);
  return body;
};

const readIn = (answer: LaneAnswer): DataRead | undefined => {
  const { id, dataset, rows, statistic, values, noise, residency } = bodyOf(answer);
  if (!isSuccess(answer.status) || typeof id !== 'string' || typeof dataset !== 'string') return undefined;
  const loss = noise
    ? { epsilon: noise.epsilon, delta: noise.delta, ...(noise.rho === undefined ? {} : { rho: noise.rho }) }
    : null;
  return {
    id,
    dataset,
    rows: rows?.length ?? 0,
    servedFrom: residency?.servedFrom ?? '',
    callerRegion: residency?.callerRegion ?? '',
    ...(statistic !== undefined && values ? { statistic: { asked: statistic, values, loss } } : {}),
  };
};

/** Refusals that are what the design is for: a budget is spent. */
const OVER_BUDGET = 'over-budget';

/** Pages and statistics of datasets, over REST: which is drawn for each request, of what its caller usually does. */
export const createDatasetsDoor = ({ datasets, callers }: DatasetsLoad): LoadDoor => ({
  summary: 'datasets of the stack over REST: pages of rows, and statistics, by tenants with habits of their own',
  transport: 'http',
  requests() {
    const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));
    const byTenant = new Map(callers.map((caller) => [caller.tenant, caller]));
    return ({ id, sampleIndex, caller }) => {
      const habits = byTenant.get(caller.tenant) ?? callers[0]!;
      const random = createRandom(sampleIndex, 'datasets', id);
      const of = <One>(all: readonly One[]): One => all[Math.floor(random() * all.length)]!;
      const dataset = byName.get(of(habits.datasets))!;
      const isStatistic = random() < habits.statistics;
      const pages = Math.max(1, Math.floor(dataset.rows / habits.page));
      const query = isStatistic
        ? writeStatistic(statisticAt(dataset, Math.floor(random() * habits.queries)))
        : `offset=${habits.page * Math.floor(random() * pages)}&limit=${habits.page}`;
      return {
        id,
        sampleIndex,
        method: 'GET',
        path: `/v2/datasets/${dataset.name}/${isStatistic ? 'statistics' : 'rows'}?${query}`,
        headers: {
          ...callerHeaders(caller),
          'x-squall-request-id': id,
          'x-squall-caller-region': habits.region,
          ...(habits.purpose === '' ? {} : { 'x-squall-purpose': habits.purpose }),
        },
        body: '',
      };
    };
  },
  marksOf: ({ status, headers }) => ({ status, ...marksIn(headers) }),
  judge(end) {
    if (end.type === 'lost') return LOST;
    const judgement = judgementOf({ status: end.status, ...marksIn(end.headers) }, null, 0);
    const read = readIn(end);
    // 429 says that a budget of privacy is spent, not that there are too many requests.
    const { isShed, ...unshed } = judgement;
    const kept = bodyOf(end).reason === OVER_BUDGET ? unshed : judgement;
    return read ? { ...kept, read } : kept;
  },
  answersTo: (answer, id) => (bodyOf(answer).id === id ? 1 : 0),
  holds: (answer) => readIn(answer) !== undefined,
});

/** Without datasets: for tables of doors alone. */
export const datasets: LoadDoor = createDatasetsDoor({ datasets: [], callers: [] });
