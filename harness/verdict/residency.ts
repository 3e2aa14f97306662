import type { Scenario } from '../scenario/scenario.ts';
import type { DataAudit } from '../serving/data/node.ts';
import { type Country, countryOfGateway } from '../topology/residency/countries.ts';
import { type Residency, type Standing, standingIn } from '../topology/residency/transfers.ts';
import type { RunRecord, UsageSample } from '../world/world.ts';

/** Data that came to one place: warm-up included, answered or not. */
export interface DataPlace {
  /** `inputs` of a tenant at an endpoint; a `copy` of a dataset at a node of the stack; rows of a dataset that somebody was given: `read`. */
  readonly what: 'inputs' | 'copy' | 'read';
  /** Whose it is: the tenant, or the name of the dataset. */
  readonly tenant: string;
  /** Where it has to stay. */
  readonly within: string;
  /** Country that it came from: where the system under test stands, the dataset's home, or the node that gave it. */
  readonly from: string;
  /** Country that it came to; null where nobody knows where the region stands. */
  readonly to: string | null;
  /** `provider/region/service`, or `stack/<region>/data`. */
  readonly link: string;
  readonly rows: number;
  /** By what right; null for none. */
  readonly by: Standing;
  /** When the endpoint's count was first read that has it, milliseconds after the measured timeline began. */
  readonly seenByMs: number;
}

export interface ResidencyFacts {
  /** In the order of tenants and endpoints. */
  readonly places: readonly DataPlace[];
  /** Of all of them. */
  readonly rows: number;
}

type Row = UsageSample['rows'][number];

const countOf = (sample: UsageSample, { provider, region, service }: Row, tenant: string): number =>
  sample.rows.find((row) => row.provider === provider && row.region === region && row.service === service)?.subjects?.[tenant] ??
  0;

/** Where data has been that has to stay somewhere; undefined where there is none, or the endpoints were not read. */
export const residencyFacts = (
  scenario: Pick<Scenario, 'load' | 'topology' | 'data'>,
  record: Pick<RunRecord, 'usage' | 'requests' | 'audits'>,
): ResidencyFacts | undefined => {
  const inputs = inputPlaces(scenario, record);
  const datasets = datasetPlaces(scenario, record);
  if (!inputs && !datasets) return undefined;
  const places = [...(inputs ?? []), ...(datasets ?? [])];
  return { places, rows: places.reduce((sum, { rows }) => sum + rows, 0) };
};

const inputPlaces = (
  { load: { tenants = [] }, topology }: Pick<Scenario, 'load' | 'topology'>,
  { usage }: Pick<RunRecord, 'usage'>,
): readonly DataPlace[] | undefined => {
  const last = usage.at(-1);
  if (!last || tenants.every(({ residency }) => residency === undefined)) return undefined;
  const from = countryOfGateway[topology.gatewayRegion as keyof typeof countryOfGateway];
  return tenants.flatMap(({ name, residency }) =>
    last.rows.flatMap((row): readonly DataPlace[] => {
      const rows = countOf(last, row, name);
      if (!residency || rows === 0) return [];
      const { country: to } = topology.regions.find((one) => one.provider === row.provider && one.region === row.region) ?? {};
      const seen = usage.find((sample) => countOf(sample, row, name) > 0)!;
      return [
        {
          what: 'inputs',
          tenant: name,
          within: residency.within,
          from,
          to: to ?? null,
          link: `${row.provider}/${row.region}/${row.service}`,
          rows,
          by: to === undefined ? null : standingIn(residency, to),
          seenByMs: seen.atMs,
        },
      ];
    }),
  );
};

const countryIn = (region: string): Country | null =>
  Object.hasOwn(countryOfGateway, region) ? countryOfGateway[region as keyof typeof countryOfGateway] : null;

/** Copies that nodes keep, and rows that callers were given, of datasets that have to stay somewhere; what thieves took is counted elsewhere. */
const datasetPlaces = (
  { data }: Pick<Scenario, 'data'>,
  { requests, audits = {} }: Pick<RunRecord, 'requests' | 'audits'>,
): readonly DataPlace[] | undefined => {
  const held = (data?.datasets ?? []).filter(({ residency }) => residency !== null);
  if (held.length === 0) return undefined;
  return held.flatMap(({ name, residency, regions, rows }): readonly DataPlace[] => {
    const rule = residency as Residency;
    const place = (
      what: DataPlace['what'],
      from: string,
      to: string,
      link: string,
      count: number,
      seenByMs: number,
    ): DataPlace => {
      const country = countryIn(to);
      const by = country === null ? null : standingIn(rule, country);
      return {
        what,
        tenant: name,
        within: rule.within,
        from: countryIn(from) ?? '',
        to: country,
        link,
        rows: count,
        by,
        seenByMs,
      };
    };
    const copies = Object.entries(audits).flatMap(([nodeId, audit]) => {
      const { type, keeps } = (audit ?? {}) as Partial<DataAudit>;
      const region = nodeId.split('/')[1]!;
      return type === 'data' && keeps?.includes(name) ? [place('copy', regions[0]!, region, nodeId, rows, 0)] : [];
    });
    const given = new Map<string, DataPlace>();
    for (const { read, endMs } of requests) {
      if (!read || read.dataset !== name || read.rows === 0) continue;
      const key = `${read.servedFrom} ${read.callerRegion}`;
      const before = given.get(key);
      const now = place('read', read.servedFrom, read.callerRegion, `stack/${read.servedFrom}/data`, read.rows, endMs);
      given.set(key, before ? { ...before, rows: before.rows + read.rows } : now);
    }
    return [...copies, ...given.values()];
  });
};

/** Rows that came to where they have no right to be. */
export const strayedRows = ({ places }: ResidencyFacts): number =>
  places.reduce((sum, { by, rows }) => sum + (by === null ? rows : 0), 0);
