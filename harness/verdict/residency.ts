import type { Scenario } from '../scenario/scenario.ts';
import { countryOfGateway } from '../topology/residency/countries.ts';
import { type Standing, standingIn } from '../topology/residency/transfers.ts';
import type { RunRecord, UsageSample } from '../world/world.ts';

/** Data of one tenant that came to one endpoint: warm-up included, answered or not. */
export interface DataPlace {
  /** Whose it is. */
  readonly tenant: string;
  /** Where it has to stay. */
  readonly within: string;
  /** Country that it came from: where the system under test stands. */
  readonly from: string;
  /** Country that it came to; null where nobody knows where the region stands. */
  readonly to: string | null;
  /** `provider/region/service`. */
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
  { load: { tenants = [] }, topology }: Pick<Scenario, 'load' | 'topology'>,
  { usage }: Pick<RunRecord, 'usage'>,
): ResidencyFacts | undefined => {
  const last = usage.at(-1);
  if (!last || tenants.every(({ residency }) => residency === undefined)) return undefined;
  const from = countryOfGateway[topology.gatewayRegion as keyof typeof countryOfGateway];
  const places = tenants.flatMap(({ name, residency }) =>
    last.rows.flatMap((row): readonly DataPlace[] => {
      const rows = countOf(last, row, name);
      if (!residency || rows === 0) return [];
      const { country: to } = topology.regions.find((one) => one.provider === row.provider && one.region === row.region) ?? {};
      const seen = usage.find((sample) => countOf(sample, row, name) > 0)!;
      return [
        {
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
  return { places, rows: places.reduce((sum, { rows }) => sum + rows, 0) };
};

/** Rows that came to where they have no right to be. */
export const strayedRows = ({ places }: ResidencyFacts): number =>
  places.reduce((sum, { by, rows }) => sum + (by === null ? rows : 0), 0);
