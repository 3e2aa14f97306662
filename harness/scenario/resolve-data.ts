import type { DatasetsCaller } from '../load/doors/datasets.ts';
import type { Dataset } from '../serving/data/dataset.ts';
import type { ParsedData } from './data-block.ts';
import { unknownName } from './explain.ts';
import type { Report } from './problem.ts';
import type { DataPlan } from './scenario.ts';
import type { ParsedScenario } from './schema.ts';

const mayAsk = (tenant: string, { readers, analysts }: Dataset): boolean => readers.includes(tenant) || analysts.includes(tenant);

/** How each tenant of the load reads; one that the block does not name reads as its defaults say. */
const callersOf = (
  data: ParsedData,
  datasets: readonly Dataset[],
  parsed: ParsedScenario,
  report: Report,
): readonly DatasetsCaller[] => {
  const gateway = parsed.topology.gateway;
  const tenants = (parsed.load.tenants ?? []).map(({ name }) => name);
  for (const [index, { tenant, datasets: asked = [] }] of data.callers.entries()) {
    if (!tenants.includes(tenant)) report(['data', 'callers', index, 'tenant'], unknownName('tenant', tenant, tenants));
    for (const [at, one] of asked.entries()) {
      const known = datasets.map(({ name }) => name);
      if (!known.includes(one)) report(['data', 'callers', index, 'datasets', at], unknownName('dataset', one, known));
    }
  }
  return tenants.map((tenant) => {
    const said = data.callers.find((caller) => caller.tenant === tenant);
    const may = datasets.filter((dataset) => mayAsk(tenant, dataset)).map(({ name }) => name);
    return {
      tenant,
      region: said?.region ?? gateway,
      datasets: said?.datasets ?? may,
      page: said?.page ?? 50,
      statistics: said?.statistics ?? 0.2,
      queries: said?.queries ?? 12,
      purpose: said?.purpose ?? '',
    };
  });
};

/** Fills in where datasets are kept, and how callers read. */
export const resolveData = (parsed: ParsedScenario, report: Report): { readonly data?: DataPlan } => {
  const { data, load, topology } = parsed;
  if (!data) {
    if (load.door === 'datasets') report(['load', 'door'], 'reads datasets, and the scenario has none; expected a block data');
    return {};
  }
  const datasets = data.datasets.map(
    ({ regions, residency, ...one }): Dataset => ({
      ...one,
      regions: regions ?? [topology.gateway],
      residency: residency ?? null,
    }),
  );
  for (const [index, { name }] of datasets.entries()) {
    if (datasets.findIndex((other) => other.name === name) < index)
      report(['data', 'datasets', index, 'name'], `"${name}" is the name of another dataset; expected another name`);
  }
  if (load.door === 'datasets' && !load.tenants)
    report(['load'], 'nobody reads: the door datasets is for tenants; expected load.tenants');
  return { data: { datasets, callers: callersOf(data, datasets, parsed, report), dayMs: data.day } };
};
