import { DATA, type DataSettings } from '../serving/data/settings.ts';
import type { NodeContext, Placement } from './node-placements.ts';
import { type GatewayRegion, gatewayRegions } from './regions.ts';
import { roundTripMs } from './round-trip.ts';

/** One node in each region that keeps a dataset, in the order in which the datasets name them. */
export const placeData = ({ topology, data }: NodeContext): readonly Placement[] => {
  if (!data) return [];
  const regions = [...new Set(data.datasets.flatMap((dataset) => dataset.regions))] as readonly GatewayRegion[];
  return regions.map((region) => {
    const settings: DataSettings & Readonly<Record<string, unknown>> = {
      datasets: data.datasets.filter((dataset) => dataset.regions.includes(region)),
      dayMs: data.dayMs,
    };
    const rttMs = roundTripMs(topology.gatewayRegion as GatewayRegion, gatewayRegions[region].measuredFrom) ?? 0;
    return { name: DATA, region, rttMs, settings };
  });
};
