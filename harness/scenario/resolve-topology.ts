import type { CapacityConfig, ProviderName } from '../../mocks/emulator.ts';
import { instancesOf, listPriceUsdPerHour } from '../topology/price-book.ts';
import { type RegionId, regionId } from '../topology/regions.ts';
import { countryOfRegion } from '../topology/residency/countries.ts';
import { knownRegions, roundTripMs } from '../topology/round-trip.ts';
import { unknownName } from './explain.ts';
import type { DocumentPath, Report } from './problem.ts';
import { resolveContainers } from './resolve-containers.ts';
import type { Topology, TopologyRegion } from './scenario.ts';
import type { ParsedScenario } from './schema.ts';

type ParsedTopology = ParsedScenario['topology'];
type ParsedRegion = Exclude<ParsedTopology['regions'][number], string>;

/** A small model on one instance: eight predictions at a time, 20 ms each. */
const DEFAULT_CAPACITY: CapacityConfig = { serviceTimeMs: 20, serviceTimeSigma: 0.25, concurrency: 8, queueLimit: 64 };

const withCapacity = (base: CapacityConfig, given: ParsedRegion['capacity'] = {}): CapacityConfig => ({
  ...base,
  serviceTimeMs: given.serviceTime ?? base.serviceTimeMs,
  serviceTimeSigma: given.serviceTimeSigma ?? base.serviceTimeSigma,
  concurrency: given.concurrency ?? base.concurrency,
  queueLimit: given.queueLimit ?? base.queueLimit,
  ...(given.startup === undefined ? {} : { startupMs: given.startup }),
  ...(given.coldStart === undefined ? {} : { coldStartMs: given.coldStart }),
});

const priceOf = (
  entry: ParsedRegion,
  provider: ProviderName,
  region: string,
  report: (message: string, part?: string) => void,
) => {
  const instances = instancesOf(provider);
  const instanceType = entry.instance ?? instances[0]?.instanceType ?? '';
  const listed = listPriceUsdPerHour(provider, instanceType, region);
  if (listed === undefined && entry.usdPerHour === undefined) {
    const types = instances.map((instance) => instance.instanceType);
    if (types.includes(instanceType)) report(`the price book has no ${instanceType} in ${region}; say usdPerHour, its price`);
    else report(`${unknownName('instance type', instanceType, types)} For another type say usdPerHour, its price.`, 'instance');
  }
  return { instanceType, instanceUsdPerHour: entry.usdPerHour ?? listed ?? 0 };
};

/** Fills in what tables know of the regions. Numbers that nobody knows are reported. */
export const resolveTopology = (parsed: ParsedTopology, reportAt: Report): Topology => {
  const base = withCapacity(DEFAULT_CAPACITY, parsed.capacity);
  const seen = new Set<RegionId>();

  const resolve = (given: ParsedTopology['regions'][number], index: number): TopologyRegion => {
    const entry: ParsedRegion = typeof given === 'string' ? { region: given } : given;
    const path: DocumentPath = ['topology', 'regions', index];
    const report = (message: string, part = 'region') => reportAt(typeof given === 'string' ? path : [...path, part], message);
    const [provider, region] = entry.region.split('/') as [ProviderName, string];
    const id = regionId(provider, region);
    if (seen.has(id)) report(`${id} is listed twice`);
    seen.add(id);
    const measuredMs = roundTripMs(parsed.gateway, id);
    if (measuredMs === undefined && entry.rtt === undefined) {
      const known = knownRegions.filter((candidate) => candidate.startsWith(`${provider}/`));
      report(`${unknownName('region', id, known)} For another region say rtt, its round trip.`);
      return { provider, region, rttMs: 0, instanceType: '', instanceUsdPerHour: 0, capacity: base };
    }
    const country = entry.country ?? countryOfRegion(id);
    return {
      provider,
      region,
      ...(country === undefined ? {} : { country }),
      rttMs: entry.rtt ?? measuredMs ?? 0,
      ...priceOf(entry, provider, region, report),
      capacity: withCapacity(base, entry.capacity),
      billing: entry.billing ?? parsed.billing,
    };
  };

  const regions = parsed.regions.map(resolve);
  const containers = resolveContainers(parsed.containers ?? {}, regions, reportAt);
  return {
    gatewayRegion: parsed.gateway,
    regions,
    ...(containers.length > 0 ? { containers } : {}),
  };
};
