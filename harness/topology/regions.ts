import type { ProviderName } from '../../mocks/emulator.ts';

/** A region by its provider's own name, e.g. `aws/us-east-1`: a row of the tables of round trips and prices. */
export type RegionId = `${ProviderName}/${string}`;

export const regionId = (provider: ProviderName, region: string): RegionId => `${provider}/${region}`;

/** Places where a gateway can stand, each with the provider region that its round trips were measured from. */
export const gatewayRegions = {
  'us-east': { title: 'Northern Virginia', measuredFrom: 'aws/us-east-1' },
  'us-west': { title: 'Oregon', measuredFrom: 'aws/us-west-2' },
  'eu-west': { title: 'Ireland', measuredFrom: 'aws/eu-west-1' },
  'eu-central': { title: 'Frankfurt', measuredFrom: 'aws/eu-central-1' },
  'ap-northeast': { title: 'Tokyo', measuredFrom: 'aws/ap-northeast-1' },
} as const satisfies Record<string, { readonly title: string; readonly measuredFrom: RegionId }>;

export type GatewayRegion = keyof typeof gatewayRegions;

export const gatewayRegionNames = Object.keys(gatewayRegions) as readonly GatewayRegion[];
