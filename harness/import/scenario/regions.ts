import type { ProviderName } from '../../../mocks/emulator.ts';
import { instancesOf, listPriceUsdPerHour } from '../../topology/price-book.ts';
import type { GatewayRegion, RegionId } from '../../topology/regions.ts';
import { roundTripMs } from '../../topology/round-trip.ts';
import { durationText } from '../fit/text.ts';
import type { RegionDraft } from './draft.ts';

/** What calls of a region take that neither its network nor its model does, milliseconds: proxies and parsing on one machine. */
const OVERHEAD_MS = 3;

/** Where nobody has measured a round trip. */
const FALLBACK_RTT_MS = 10;
/** Where there is no price. */
const FALLBACK_USD_PER_HOUR = 1;

/** The standard normal's 99th percentile. */
const Z99 = 2.326;
const MAX_SIGMA = 1.5;

/** Slots of an endpoint beyond what its load keeps busy. */
const SPARE_SLOTS = 8;
const MAX_SLOTS = 1000;

export interface UsualLatency {
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** Round trip of a region: the table's, or half of what its calls usually took where that is less. */
const rttOf = (region: RegionId, gateway: GatewayRegion, p50Ms: number | null) => {
  const knownMs = roundTripMs(gateway, region);
  if (p50Ms === null) return { rttMs: knownMs ?? FALLBACK_RTT_MS, isOwn: knownMs === undefined };
  const isOwn = knownMs === undefined || knownMs + OVERHEAD_MS + 1 > p50Ms;
  return { rttMs: isOwn ? Math.max(0, Math.round(p50Ms / 2 - OVERHEAD_MS)) : knownMs, isOwn };
};

/** How long a call takes that fails at the region's door, milliseconds. */
export const failureMsOf = (region: RegionId, gateway: GatewayRegion, p50Ms: number | null): number =>
  rttOf(region, gateway, p50Ms).rttMs + OVERHEAD_MS;

/**
 * A region that answers as it usually did: what is left of the median beside the round trip is service time, and the tail gives its spread.
 * @param callsPerS that it gets
 */
export const regionDraft = (
  region: RegionId,
  gateway: GatewayRegion,
  { p50Ms, p99Ms }: UsualLatency,
  callsPerS: number,
): RegionDraft => {
  const [provider, name] = region.split('/') as [ProviderName, string];
  const { rttMs, isOwn } = rttOf(region, gateway, p50Ms);
  const price = listPriceUsdPerHour(provider, instancesOf(provider)[0]?.instanceType ?? '', name);
  const priced = price === undefined ? { usdPerHour: FALLBACK_USD_PER_HOUR } : {};
  const unpriced = price === undefined ? ' It is not in the price book: usdPerHour is a guess.' : '';
  if (p50Ms === null) {
    const entry = { region, ...(isOwn ? { rtt: durationText(rttMs) } : {}), ...priced };
    return {
      entry: Object.keys(entry).length === 1 ? region : entry,
      because: `Its latency was not recorded.${unpriced}`,
    };
  }
  const serviceMs = Math.max(1, p50Ms - rttMs - OVERHEAD_MS);
  const tailMs = p99Ms === null ? null : p99Ms - rttMs - OVERHEAD_MS;
  const sigma = tailMs === null ? 0.25 : Math.min(MAX_SIGMA, Math.max(0, Math.log(Math.max(1, tailMs / serviceMs)) / Z99));
  const busy = (callsPerS * serviceMs * Math.exp(sigma ** 2 / 2)) / 1000;
  return {
    entry: {
      region,
      ...(isOwn ? { rtt: durationText(rttMs) } : {}),
      ...priced,
      capacity: {
        serviceTime: durationText(serviceMs),
        serviceTimeSigma: Number(sigma.toFixed(3)),
        concurrency: Math.min(MAX_SLOTS, Math.ceil(busy * 3) + SPARE_SLOTS),
      },
    },
    because: `Usual were a median of ${durationText(p50Ms)} and a 99th percentile of ${p99Ms === null ? 'nobody knows' : durationText(p99Ms)}; ${rttMs} ms of it is the round trip.${unpriced}`,
  };
};
