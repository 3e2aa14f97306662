import type { RegistryPlan } from '../scenario/scenario.ts';
import type { RegistryClientSettings, RegistrySettings } from '../serving/registry/settings.ts';
import type { NodeContext, Placement } from './node-placements.ts';
import { type GatewayRegion, gatewayRegions } from './regions.ts';
import { roundTripMs } from './round-trip.ts';

/** As the gateway sees it; whoever else calls a node has the same round trip. */
const rttTo = ({ topology }: NodeContext, region: GatewayRegion): number =>
  roundTripMs(topology.gatewayRegion as GatewayRegion, gatewayRegions[region].measuredFrom) ?? 0;

const settingsOf = ({ model, alias }: RegistryPlan): RegistrySettings & Readonly<Record<string, unknown>> => ({ model, alias });

/** The replicas, in the order in which they stand for leader. */
export const placeRegistry = (context: NodeContext): readonly Placement[] => {
  const { registry } = context;
  if (!registry) return [];
  const settings = settingsOf(registry);
  return registry.regions.map((region) => ({ name: 'registry', region, rttMs: rttTo(context, region), settings }));
};

export const placeBackup = (context: NodeContext): readonly Placement[] => {
  const { registry } = context;
  if (!registry) return [];
  const { backupRegion } = registry;
  return [{ name: 'backup', region: backupRegion, rttMs: rttTo(context, backupRegion) }];
};

/** Publishers and readers: processes that nobody calls. */
export const placeRegistryClients = ({ registry }: NodeContext): readonly Placement[] => {
  if (!registry) return [];
  const place = (name: string, client: RegistryPlan['publish'], beat: 'publishEveryMs' | 'readEveryMs') =>
    (client?.regions ?? []).map((region): Placement => {
      const idle: RegistryClientSettings = { ...settingsOf(registry), publishEveryMs: null, readEveryMs: null };
      return { name, region, rttMs: 0, settings: { ...idle, [beat]: client!.everyMs } };
    });
  return [...place('publisher', registry.publish, 'publishEveryMs'), ...place('reader', registry.read, 'readEveryMs')];
};
