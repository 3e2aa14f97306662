import type { CostParts, UsageReport } from '../control.ts';
import type { BillingMode, EndpointBilling, RegionConfig } from '../emulator.ts';
import type { Prediction } from '../models/runtime.ts';

/** Counts what one inference endpoint serves, and what that costs, as its bill would. */
export interface Meter {
  /** An answer with its predictions, for which a slot was held. */
  served(predictions: readonly Prediction[], slotMs: number): void;
  /** Price of compute from now on, as a multiple of the list price. */
  setPriceMultiplier(multiplier: number): void;
  /** Instances that stand there from now on, at least 0, by how they were bought. */
  setInstances(onDemand: number, spot?: number): void;
  /** Price in force, US dollars an instance hour. */
  readonly usdPerHour: number;
  /** Up to now. */
  usage(): UsageReport;
}

const MS_PER_HOUR = 3_600_000;
const BYTES_PER_GB = 1e9;

/**
 * What leaves with an answer beside its predictions: the head of HTTP and of TLS records, and the provider's own words around them. Our figure, for the
 * emulators' answers are about so long.
 */
const ENVELOPE_BYTES = 400;

const ALWAYS_THERE: EndpointBilling = {
  mode: 'provisioned',
  instances: 1,
  requestUsdPerS: 0,
  usdPerRequest: 0,
  egressUsdPerGb: 0,
  storageUsdPerHour: 0,
};

/** What a mode charges, at the list price: by the hour, and by the hour that one request holds a slot. */
interface Rates {
  readonly standingUsdPerHour: number;
  readonly slotUsdPerHour: number;
}

/**
 * What a warm environment costs while it waits, of what it costs while it works. An estimate of November 2026 for all: Lambda's provisioned concurrency is a
 * quarter of its duration price ($0.0000041667 and $0.0000166667 a GB-second, as we know them); SageMaker's prices of it could not be read.
 */
export const PROVISIONED_SHARE = 0.25;

interface Standing {
  readonly onDemand: number;
  readonly spot: number;
}

const ratesOf: Readonly<Record<BillingMode, (region: RegionConfig, billing: EndpointBilling, standing: Standing) => Rates>> = {
  provisioned: ({ instanceUsdPerHour }, { onDemandUsdPerHour = instanceUsdPerHour }, { onDemand, spot }) => ({
    standingUsdPerHour: onDemandUsdPerHour * onDemand + instanceUsdPerHour * spot,
    slotUsdPerHour: 0,
  }),
  // The slots of the configuration are those of the instances that it began with.
  'by-use': ({ instanceUsdPerHour, capacity }, billing) => ({
    standingUsdPerHour: 0,
    slotUsdPerHour: (instanceUsdPerHour * billing.instances) / capacity.concurrency,
  }),
  serverless: (_region, { requestUsdPerS, instances }) => ({
    standingUsdPerHour: instances * PROVISIONED_SHARE * requestUsdPerS * 3600,
    slotUsdPerHour: requestUsdPerS * 3600,
  }),
};

export const createMeter = (service: string, region: RegionConfig): Meter => {
  const billing = region.billing ?? ALWAYS_THERE;
  let standing: Standing = { onDemand: billing.instances, spot: 0 };
  let multiplier = 1;
  let countedToMs = performance.now();
  let [predictions, answers, busyMs, egressBytes] = [0, 0, 0, 0];
  let [computeUsd, storageUsd] = [0, 0];

  const rates = () => ratesOf[billing.mode](region, billing, standing);

  /** Whatever is paid by the hour is counted up to now: to be called before a price or a number changes. */
  const countStanding = () => {
    const nowMs = performance.now();
    const hours = (nowMs - countedToMs) / MS_PER_HOUR;
    countedToMs = nowMs;
    computeUsd += hours * rates().standingUsdPerHour * multiplier;
    storageUsd += hours * billing.storageUsdPerHour;
  };

  const cost = (): CostParts => ({
    computeUsd,
    requestsUsd: answers * billing.usdPerRequest,
    egressUsd: (egressBytes / BYTES_PER_GB) * billing.egressUsdPerGb,
    storageUsd,
  });

  return {
    served(results, slotMs) {
      predictions += results.length;
      answers += 1;
      busyMs += slotMs;
      egressBytes += JSON.stringify(results).length + ENVELOPE_BYTES;
      computeUsd += (slotMs / MS_PER_HOUR) * rates().slotUsdPerHour * multiplier;
    },
    setPriceMultiplier(next) {
      countStanding();
      multiplier = next;
    },
    setInstances(onDemand, spot = 0) {
      countStanding();
      standing = { onDemand, spot };
    },
    get usdPerHour() {
      return region.instanceUsdPerHour * multiplier;
    },
    usage() {
      countStanding();
      return { region: region.region, service, predictions, answers, busyMs, egressBytes, cost: cost() };
    },
  };
};
