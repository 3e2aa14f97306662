import type { ProviderName } from '../../../mocks/emulator.ts';

/** What one provider charges, each group of figures with its source and date. US dollars, list prices of the first volume tier, no free tier. */
export interface ProviderPrices {
  readonly provider: ProviderName;
  /** The first is the provider's default; there is one of each class at least. */
  readonly instances: readonly InstancePrices[];
  readonly serverless: ServerlessPrices;
  readonly egress: EgressPrices;
  readonly storage: StoragePrices;
}

/** What models are served on, in words that are true of every provider. */
export type InstanceClass = 'gpu' | 'cpu';

/** An instance type that a provider serves models on. */
export interface InstancePrices {
  /** The provider's own name. */
  readonly instanceType: string;
  readonly instanceClass: InstanceClass;
  /** What it is, e.g. `1 T4 GPU, 4 vCPU`. */
  readonly summary: string;
  /** On demand, an hour, by the provider's own region name. */
  readonly usdPerHour: Readonly<Record<string, number>>;
  readonly source: string;
  /** Price of the same machine from spare capacity, as a share of the on-demand price, 0..1: a mean, for the real one moves. */
  readonly spotShare: number;
  readonly spotSource: string;
  /** How many times as long a prediction takes as on the provider's default instance type. */
  readonly serviceTimeFactor: number;
}

/** The provider's product that is billed while a request is served, and not between. */
export interface ServerlessPrices {
  /** E.g. `Cloud Run`. */
  readonly product: string;
  /** Size that the figures are taken at. */
  readonly vcpus: number;
  readonly memoryGb: number;
  readonly usdPerVcpuS: number;
  readonly usdPerGbS: number;
  readonly usdPerMillionRequests: number;
  readonly source: string;
}

/** Bytes that leave a region. What comes in is free with all three. */
export interface EgressPrices {
  readonly internetUsdPerGb: number;
  /** To another region of the provider, on the same continent. */
  readonly interRegionUsdPerGb: number;
  readonly source: string;
}

/** Storage tiers in words that are true of every provider. */
export type StorageTier = 'hot' | 'cool' | 'cold' | 'archive';

export interface StoragePrices {
  /** The provider's object store. */
  readonly product: string;
  readonly tiers: Readonly<Record<StorageTier, TierPrices>>;
  readonly source: string;
}

/** One class of an object store, in the provider's US region of the east. */
export interface TierPrices {
  /** The provider's own name. */
  readonly name: string;
  readonly usdPerGbMonth: number;
  readonly retrievalUsdPerGb: number;
  /** An object is paid for so long at least, days. */
  readonly minimumDays: number;
  readonly putUsdPer1k: number;
  readonly getUsdPer1k: number;
  /** From the request to the first byte. */
  readonly retrievalMs: number;
  /** The same, for those who pay for speed; left out where that cannot be had, or is not needed. */
  readonly expeditedRetrievalMs?: number;
}
