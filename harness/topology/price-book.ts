import type { ProviderName } from '../../mocks/emulator.ts';
import { awsPrices } from './prices/aws.ts';
import { azurePrices } from './prices/azure.ts';
import { googlePrices } from './prices/google.ts';
import type { InstanceClass, InstancePrices, ProviderPrices, StorageTier, TierPrices } from './prices/provider-prices.ts';

/** What the providers charge, each figure with its source and date: harness/topology/prices/ has a file a provider. */
export const priceBook: Readonly<Record<ProviderName, ProviderPrices>> = {
  aws: awsPrices,
  google: googlePrices,
  azure: azurePrices,
};

/** Whether a machine is the provider's to take back. */
export type Market = 'on-demand' | 'spot';

/** The first is the provider's default. */
export const instancesOf = (provider: ProviderName): readonly InstancePrices[] => priceBook[provider].instances;

/** The provider's first instance type of a class: each has one. */
export const instanceOfClass = (provider: ProviderName, instanceClass: InstanceClass): InstancePrices =>
  instancesOf(provider).find((instance) => instance.instanceClass === instanceClass)!;

/** Price of an instance hour, US dollars; undefined when the book does not have it. */
export const listPriceUsdPerHour = (
  provider: ProviderName,
  instanceType: string,
  region: string,
  market: Market = 'on-demand',
): number | undefined => {
  const instance = instancesOf(provider).find((one) => one.instanceType === instanceType);
  const usdPerHour = instance?.usdPerHour[region];
  return usdPerHour === undefined || market === 'on-demand' ? usdPerHour : usdPerHour * instance!.spotShare;
};

/** Price of a spot instance as a share of the on-demand price; of a type that the book does not have, the default type's. */
export const spotShareOf = (provider: ProviderName, instanceType: string): number =>
  (instancesOf(provider).find((one) => one.instanceType === instanceType) ?? instancesOf(provider)[0]!).spotShare;

/** What a second of a request costs at the provider's serverless product, in the size that the book gives. */
export const serverlessUsdPerS = (provider: ProviderName): number => {
  const { vcpus, memoryGb, usdPerVcpuS, usdPerGbS } = priceBook[provider].serverless;
  return vcpus * usdPerVcpuS + memoryGb * usdPerGbS;
};

const HOURS_PER_MONTH = 730;

const tierOf = (provider: ProviderName, tier: StorageTier): TierPrices => priceBook[provider].storage.tiers[tier];

/** Keeping so many gigabytes for an hour, US dollars. */
export const storageUsdPerHour = (provider: ProviderName, tier: StorageTier, gb: number): number =>
  (tierOf(provider, tier).usdPerGbMonth * gb) / HOURS_PER_MONTH;

/** Reading an object of so many gigabytes back once, US dollars: one request and its retrieval fee; what leaves the region is egress. */
export const retrievalUsd = (provider: ProviderName, tier: StorageTier, gb: number): number => {
  const { retrievalUsdPerGb, getUsdPer1k } = tierOf(provider, tier);
  return retrievalUsdPerGb * gb + getUsdPer1k / 1000;
};

/**
 * From asking for an object to its first byte, milliseconds: hours where the tier is offline.
 * @param speed `expedited` where the provider sells it, at a price that is not counted here
 */
export const retrievalMs = (provider: ProviderName, tier: StorageTier, speed: 'standard' | 'expedited' = 'standard'): number => {
  const { retrievalMs: standardMs, expeditedRetrievalMs } = tierOf(provider, tier);
  return speed === 'expedited' ? (expeditedRetrievalMs ?? standardMs) : standardMs;
};
