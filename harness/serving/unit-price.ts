import type { BillingMode, EndpointBilling } from '../../mocks/emulator.ts';
import { PROVISIONED_SHARE } from '../../mocks/inference/meter.ts';
import type { GatewayLink } from './config.ts';

/** What a link says of its price. */
export type Tariff = Pick<GatewayLink, 'serviceTimeMs' | 'concurrency' | 'billing' | 'listUsdPerHour'>;

const MS_PER_HOUR = 3_600_000;
const BYTES_PER_GB = 1e9;

/** What leaves a provider with one answer: a prediction of ten classes, with its head and records. Our figure. */
const ANSWER_BYTES = 650;

const BY_USE: EndpointBilling = {
  mode: 'by-use',
  instances: 1,
  requestUsdPerS: 0,
  usdPerRequest: 0,
  egressUsdPerGb: 0,
  storageUsdPerHour: 0,
};

/** Compute that one more call pays for, US dollars. */
const computeUsd: Readonly<Record<BillingMode, (usdPerHour: number, tariff: Tariff, billing: EndpointBilling) => number>> = {
  // The instance is paid for whether it is called or not.
  provisioned: () => 0,
  'by-use': (usdPerHour, { serviceTimeMs, concurrency }, { instances }) =>
    ((usdPerHour * instances) / MS_PER_HOUR) * (serviceTimeMs / concurrency),
  // Price endpoints tell of instances; a serverless price rises and falls with theirs.
  serverless: (usdPerHour, { serviceTimeMs, listUsdPerHour = usdPerHour }, { requestUsdPerS }) =>
    (serviceTimeMs / 1000) * requestUsdPerS * (usdPerHour / listUsdPerHour),
};

const STANDING: Readonly<Record<BillingMode, (usdPerHour: number, billing: EndpointBilling) => number>> = {
  provisioned: (usdPerHour, { instances }) => usdPerHour * instances,
  'by-use': () => 0,
  // Environments that are kept warm.
  serverless: (_usdPerHour, { instances, requestUsdPerS }) => instances * PROVISIONED_SHARE * requestUsdPerS * 3600,
};

/**
 * What one more call costs: time that is billed, the fee by the request, and the answer's bytes that leave the provider. US dollars.
 * @param usdPerHour price of an instance hour in force
 */
export const callUsd = (usdPerHour: number, tariff: Tariff): number => {
  const billing = tariff.billing ?? BY_USE;
  const egressUsd = (ANSWER_BYTES / BYTES_PER_GB) * billing.egressUsdPerGb;
  return computeUsd[billing.mode](usdPerHour, tariff, billing) + billing.usdPerRequest + egressUsd;
};

/** What a link costs an hour if nobody calls it: what stands there, by the instances that it began with, and what lies in store. US dollars. */
export const standingUsdPerHour = (usdPerHour: number, { billing = BY_USE }: Tariff): number =>
  STANDING[billing.mode](usdPerHour, billing) + billing.storageUsdPerHour;
