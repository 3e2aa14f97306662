import type { Design } from './policies.ts';

/** A region, as far as placement asks. */
interface Placeable {
  readonly provider: string;
}

/** No place: beyond any number of regions that a design can have. */
export const NO_PLACE = Number.POSITIVE_INFINITY;

/**
 * The place of a region among those of the providers that the design is deployed to, from 0 on: `sizing` says how many places are filled.
 * @param regions of the topology, in its order
 * @returns `NO_PLACE` at a provider that it is not deployed to
 */
export const placeOf = (regions: readonly Placeable[], index: number, { placement }: Pick<Design, 'placement'>): number => {
  const isIn = ({ provider }: Placeable) => placement.providers === 'all' || provider === regions[0]!.provider;
  return isIn(regions[index]!) ? regions.slice(0, index).filter(isIn).length : NO_PLACE;
};
