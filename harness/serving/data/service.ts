import type { AuditLog } from '../audit/audit-log.ts';
import type { Alert, Sighting } from '../audit/detector.ts';
import type { Design } from '../design/policies.ts';
import type { PrivacyLedger } from '../privacy/ledger.ts';
import { lossOf, privately } from '../privacy/mechanism.ts';
import type { DataCaller } from './data-caller.ts';
import type { Dataset } from './dataset.ts';
import type { DatasetStore } from './dataset-store.ts';
import { columnsOf } from './generate.ts';
import { BadStatistic, exactly, readStatistic, writeStatistic } from './statistic.ts';

/** Most rows of one page. */
export const MAX_PAGE_ROWS = 1000;

export interface DataServiceOptions {
  /** Id of the node's link, and its region. */
  readonly id: string;
  readonly region: string;
  readonly datasets: readonly Dataset[];
  readonly store: DatasetStore;
  /** Null: nothing is written down. */
  readonly log: AuditLog | null;
  /** Null: statistics are as they are. */
  readonly privacy: { readonly policy: Exclude<Design['privacy'], false>; readonly ledger: PrivacyLedger } | null;
  watch(sighting: Sighting): readonly Alert[];
  onAlert(alert: Alert): void;
  /** Whoever an alert is about is refused from then on. */
  readonly suspends: boolean;
  /** Whom earlier alerts were about. */
  readonly suspended: readonly string[];
}

/** What a caller asks for. */
export interface DataRequest {
  readonly dataset: string;
  readonly what: 'rows' | 'statistics';
  readonly query: URLSearchParams;
  readonly caller: DataCaller;
}

/** Refused for what the caller may not do, not for what it asked. */
export const isAccess = (reason: string): boolean => reason !== 'over-budget' && reason !== 'bad-request';

/** A read that gets no data; `reason` stands in the audit log. */
interface Refusal {
  readonly status: 400 | 403 | 404 | 429;
  readonly reason: string;
  readonly error: string;
}

/** What is given, and what the log says of it. */
interface Given {
  readonly rows: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly noted: Readonly<Record<string, string | number>>;
}

const wholeNumber = (query: URLSearchParams, name: string, fallback: number, max: number): number => {
  const text = query.get(name);
  if (text === null) return fallback;
  if (/^\d{1,9}$/.test(text) && Number(text) <= max) return Number(text);
  throw new BadStatistic(`${name} is ${JSON.stringify(text)}; a whole number of at most ${max} is expected.`);
};

/**
 * Reads of datasets: who may is looked up, what is given is written down, and only then is it answered. A read that cannot be written down is not
 * answered.
 */
export const createDataService = (options: DataServiceOptions): ((request: DataRequest) => Promise<Response>) => {
  const { id: nodeId, region, datasets, store, log, privacy, watch, onAlert, suspends } = options;
  const suspended = new Set(suspends ? options.suspended : []);

  const refusalOf = (dataset: Dataset | undefined, { what, caller: { tenant }, dataset: name }: DataRequest): Refusal | null => {
    if (!dataset) return { status: 404, reason: 'unknown-dataset', error: `There is no dataset ${name} here.` };
    const mayRead = dataset.readers.includes(tenant) || (what === 'statistics' && dataset.analysts.includes(tenant));
    if (!mayRead) return { status: 403, reason: 'not-allowed', error: `${tenant || 'Nobody'} may not read ${what} of ${name}.` };
    if (suspended.has(tenant))
      return { status: 403, reason: 'suspended', error: `${tenant} is suspended: somebody has to look at what it has read.` };
    return null;
  };

  const giveRows = async (dataset: Dataset, { query }: DataRequest): Promise<Given> => {
    const offset = wholeNumber(query, 'offset', 0, dataset.rows);
    const rows = await store.read(dataset, offset, wholeNumber(query, 'limit', 100, MAX_PAGE_ROWS));
    return { rows: rows.length, body: { columns: columnsOf(dataset), offset, total: dataset.rows, rows }, noted: { offset } };
  };

  const giveStatistic = async (dataset: Dataset, { query, caller }: DataRequest): Promise<Given | Refusal> => {
    const columns = columnsOf(dataset);
    const statistic = readStatistic(query, columns);
    const said = writeStatistic(statistic);
    // Read before anything is paid for: what cannot be answered costs nothing.
    const rows = await store.read(dataset, 0, dataset.rows);
    if (!privacy)
      return {
        rows: 0,
        body: { statistic: said, values: exactly(statistic, rows, columns), noise: null },
        noted: { statistic: said },
      };
    const { mechanism, epsilon, delta } = privacy.policy;
    const loss = lossOf(mechanism, epsilon, delta);
    const account = await privacy.ledger.charge(caller.tenant, dataset.name);
    if (!account)
      return { status: 429, reason: 'over-budget', error: `${caller.tenant} has spent its privacy budget for ${dataset.name}.` };
    const values = privately(statistic, rows, columns, { mechanism, loss });
    return {
      rows: 0,
      body: { statistic: said, values, noise: { mechanism, ...loss }, spent: account.spent },
      noted: { statistic: said, epsilon: loss.epsilon, delta: loss.delta },
    };
  };

  const decide = async (request: DataRequest): Promise<Given | Refusal> => {
    const dataset = datasets.find(({ name }) => name === request.dataset);
    const refusal = refusalOf(dataset, request);
    if (refusal) return refusal;
    try {
      return await (request.what === 'rows' ? giveRows(dataset!, request) : giveStatistic(dataset!, request));
    } catch (error) {
      if (error instanceof BadStatistic) return { status: 400, reason: 'bad-request', error: error.message };
      throw error;
    }
  };

  /** Alerts are written down as well, and nobody waits for that. */
  const alarm = (sighting: Sighting): void => {
    for (const alert of watch(sighting)) {
      if (suspends) suspended.add(alert.caller);
      void log?.append({ type: 'alert', kind: alert.kind, tenant: alert.caller, text: alert.text }).catch(() => undefined);
      onAlert(alert);
    }
  };

  return async (request) => {
    const { dataset: name, what, caller } = request;
    const outcome = await decide(request);
    const isRefused = 'status' in outcome;
    const rows = isRefused ? 0 : outcome.rows;
    const { id, tenant, purpose } = caller;
    await log?.append({
      type: 'read',
      id,
      who: tenant,
      tenant,
      dataset: name,
      what,
      rows,
      purpose,
      callerRegion: caller.region,
      servedFrom: region,
      outcome: isRefused ? 'refused' : 'given',
      ...(isRefused ? { reason: outcome.reason } : outcome.noted),
    });
    if (log)
      alarm({
        caller: tenant,
        atMs: Date.now(),
        dataset: name,
        rows,
        region: caller.region,
        isRefused: isRefused && isAccess(outcome.reason),
      });
    if (isRefused) return Response.json({ id, error: outcome.error, reason: outcome.reason }, { status: outcome.status });
    const { residency, regions } = datasets.find((one) => one.name === name)!;
    const where = { home: regions[0]!, within: residency?.within ?? null, servedFrom: region, callerRegion: caller.region };
    return Response.json({ id, dataset: name, ...outcome.body, residency: where }, { headers: { 'x-squall-served-by': nodeId } });
  };
};
