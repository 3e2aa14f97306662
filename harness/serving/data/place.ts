import type { NodeAddress } from '../nodes/node.ts';
import type { Dataset } from './dataset.ts';
import { DATA } from './settings.ts';

/**
 * The nodes that may answer a read of a dataset, in the order in which they are asked: those of its regions, its home first. Statistics of a
 * design with a privacy budget are answered at home alone, where the budget is kept. Where residency is to be held, it is held here.
 * @param callerRegion where the caller is; empty when it does not say
 */
export const placesFor = (
  dataset: Dataset,
  nodes: readonly NodeAddress[],
  { isAtHomeOnly }: { readonly callerRegion: string; readonly isAtHomeOnly: boolean },
): readonly NodeAddress[] => {
  const regions = isAtHomeOnly ? dataset.regions.slice(0, 1) : dataset.regions;
  return regions.flatMap((region) => nodes.find((node) => node.kind === DATA && node.region === region) ?? []);
};
