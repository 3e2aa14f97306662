import type { DataRead, RequestRecord } from '../load/sample.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { AuditEntry } from '../serving/audit/chain.ts';
import { columnsOf, generateRows } from '../serving/data/generate.ts';
import type { TheftRecord } from '../serving/data/intruder.ts';
import type { DataAudit } from '../serving/data/node.ts';
import { exactly, readStatistic } from '../serving/data/statistic.ts';
import type { RunRecord } from '../world/world.ts';

/** What somebody was given of a dataset; times in milliseconds after the measured timeline began. */
export interface ReadFact extends DataRead {
  readonly atMs: number;
  readonly tenant: string;
  readonly isTheft: boolean;
  /** The audit log has it, with as many rows. */
  readonly isAudited: boolean;
}

export interface AlertFact {
  readonly atMs: number;
  readonly kind: string;
  readonly caller: string;
}

/** What happened to a run's datasets. */
export interface DataFacts {
  readonly reads: readonly ReadFact[];
  readonly alerts: readonly AlertFact[];
  /** Whether every node that has given something could be looked at when the run ended: else nobody knows what its log has. */
  readonly wasAudited: boolean;
  /** A statistic as it is, without noise. @param asked as a query string */
  exactlyOf(dataset: string, asked: string): readonly number[] | undefined;
}

const isAudit = (audit: unknown): audit is DataAudit => (audit as { type?: unknown } | null | undefined)?.type === 'data';

/** By id, the rows that the logs say were given, each time. */
const givenIn = (audits: readonly DataAudit[]): ReadonlyMap<string, readonly string[]> => {
  const given = new Map<string, string[]>();
  for (const { event } of audits.flatMap(({ entries }) => entries ?? []).map((line) => JSON.parse(line) as AuditEntry)) {
    if (event.type !== 'read' || event.outcome !== 'given') continue;
    const id = String(event.id);
    given.set(id, [...(given.get(id) ?? []), `${event.tenant} ${event.dataset} ${event.rows}`]);
  }
  return given;
};

const truths = (datasets: NonNullable<Scenario['data']>['datasets']): DataFacts['exactlyOf'] => {
  const rows = new Map<string, ReturnType<typeof generateRows>>();
  const known = new Map<string, readonly number[]>();
  return (name, asked) => {
    const key = `${name}?${asked}`;
    const dataset = datasets.find((one) => one.name === name);
    if (known.has(key) || !dataset) return known.get(key);
    if (!rows.has(name)) rows.set(name, generateRows(dataset));
    const columns = columnsOf(dataset);
    const values = exactly(readStatistic(new URLSearchParams(asked), columns), rows.get(name)!, columns);
    known.set(key, values);
    return values;
  };
};

/** @returns undefined where the scenario has no datasets */
export const dataFacts = ({ data }: Pick<Scenario, 'data'>, record: RunRecord): DataFacts | undefined => {
  if (!data) return undefined;
  const looked = Object.entries(record.audits ?? {}).filter(([, audit]) => isAudit(audit));
  const audits = looked.map(([, audit]) => audit as DataAudit);
  const regionsLooked = new Set(looked.map(([nodeId]) => nodeId.split('/')[1]));
  const given = givenIn(audits);
  const isAudited = (tenant: string, { id, dataset, rows }: Pick<DataRead, 'id' | 'dataset' | 'rows'>): boolean =>
    given.get(id)?.includes(`${tenant} ${dataset} ${rows}`) ?? false;
  const ofLoad = ({ read, endMs, tenant = '' }: RequestRecord): readonly ReadFact[] =>
    read ? [{ ...read, atMs: endMs, tenant, isTheft: false, isAudited: isAudited(tenant, read) }] : [];
  const nodeRecords = record.nodeRecords ?? [];
  const thefts = nodeRecords.flatMap(({ atMs, nodeId, record: one }): readonly ReadFact[] => {
    if (one.type !== 'data-theft') return [];
    const { id, tenant, dataset, rows } = one as TheftRecord;
    if (rows === 0) return [];
    const servedFrom = nodeId.split('/')[1]!;
    return [
      {
        id,
        dataset,
        rows,
        servedFrom,
        callerRegion: '',
        atMs,
        tenant,
        isTheft: true,
        isAudited: isAudited(tenant, { id, dataset, rows }),
      },
    ];
  });
  const reads = [...record.requests.flatMap(ofLoad), ...thefts];
  return {
    reads,
    alerts: nodeRecords.flatMap(({ atMs, record: one }) =>
      one.type === 'data-alert' ? [{ atMs, kind: String(one.kind), caller: String(one.caller) }] : [],
    ),
    wasAudited: audits.length > 0 && reads.every(({ servedFrom }) => regionsLooked.has(servedFrom)),
    exactlyOf: truths(data.datasets),
  };
};
