import type { NodeAddress } from '../nodes/node.ts';
import type { DataScope } from '../residency.ts';
import type { Dataset } from './dataset.ts';
import { DATA } from './settings.ts';

/**
 * The nodes that may answer a read of a dataset, in the order in which they are asked: those of its regions, its home first. Statistics of a
 * design with a privacy budget are answered at home alone, where the budget is kept. A region in which the rows may not be is not asked, or
 * asked last by a design that would rather break the rule than not answer.
 */
export const placesFor = (
  dataset: Dataset,
  nodes: readonly NodeAddress[],
  { isAtHomeOnly, scope }: { readonly isAtHomeOnly: boolean; readonly scope: DataScope },
): readonly NodeAddress[] => {
  const regions = isAtHomeOnly ? dataset.regions.slice(0, 1) : dataset.regions;
  const { permits = () => true, isLax } = scope;
  const permitted = regions.filter(permits);
  const asked = isLax ? [...permitted, ...regions.filter((region) => !permits(region))] : permitted;
  return asked.flatMap((region) => nodes.find((node) => node.kind === DATA && node.region === region) ?? []);
};
