import type { Dataset } from '../serving/data/dataset.ts';
import { DATA, type DataSettings } from '../serving/data/settings.ts';
import type { NodeContext, Placement } from './node-placements.ts';
import { type GatewayRegion, gatewayRegions } from './regions.ts';
import { countryOfGateway } from './residency/countries.ts';
import { type Residency, standingIn } from './residency/transfers.ts';
import { roundTripMs } from './round-trip.ts';

/** Whether a design keeps a copy of a dataset in a region: not where its rows may not be, unless it would rather break the rule than have none there. */
const isKeptIn = ({ regions, residency }: Dataset, region: GatewayRegion, design: NodeContext['design']): boolean => {
  if (!regions.includes(region)) return false;
  if (residency === null || design.residency === false || design.residency.failover === 'anywhere') return true;
  const standing = standingIn(residency as Residency, countryOfGateway[region]);
  return standing === 'home' || (standing !== null && design.residency.transfers);
};

/** One node in each region that keeps a dataset, in the order in which the datasets name them. */
export const placeData = ({ topology, data, design }: NodeContext): readonly Placement[] => {
  if (!data) return [];
  const named = [...new Set(data.datasets.flatMap((dataset) => dataset.regions))] as readonly GatewayRegion[];
  const regions = named.filter((region) => data.datasets.some((dataset) => isKeptIn(dataset, region, design)));
  return regions.map((region) => {
    const settings: DataSettings & Readonly<Record<string, unknown>> = {
      datasets: data.datasets.filter((dataset) => isKeptIn(dataset, region, design)),
      dayMs: data.dayMs,
    };
    const rttMs = roundTripMs(topology.gatewayRegion as GatewayRegion, gatewayRegions[region].measuredFrom) ?? 0;
    return { name: DATA, region, rttMs, settings };
  });
};
