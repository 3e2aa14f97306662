/** How the price list names a region. */
export interface PriceLocation {
  /** In words, attribute `location`. */
  readonly location: string;
  /** Prefix of `usagetype`. */
  readonly usagePrefix: string;
}

/** Names of regions as AWS gives them; prefixes as billing reports have them, `USE1` of hosting too (users' repositories, read November 2026). */
const LOCATIONS: Readonly<Record<string, PriceLocation>> = {
  'us-east-1': { location: 'US East (N. Virginia)', usagePrefix: 'USE1' },
  'us-east-2': { location: 'US East (Ohio)', usagePrefix: 'USE2' },
  'us-west-1': { location: 'US West (N. California)', usagePrefix: 'USW1' },
  'us-west-2': { location: 'US West (Oregon)', usagePrefix: 'USW2' },
  'ca-central-1': { location: 'Canada (Central)', usagePrefix: 'CAN1' },
  'sa-east-1': { location: 'South America (Sao Paulo)', usagePrefix: 'SAE1' },
  'eu-west-1': { location: 'EU (Ireland)', usagePrefix: 'EUW1' },
  'eu-west-2': { location: 'EU (London)', usagePrefix: 'EUW2' },
  'eu-west-3': { location: 'EU (Paris)', usagePrefix: 'EUW3' },
  'eu-central-1': { location: 'EU (Frankfurt)', usagePrefix: 'EUC1' },
  'eu-north-1': { location: 'EU (Stockholm)', usagePrefix: 'EUN1' },
  'ap-south-1': { location: 'Asia Pacific (Mumbai)', usagePrefix: 'APS3' },
  'ap-southeast-1': { location: 'Asia Pacific (Singapore)', usagePrefix: 'APS1' },
  'ap-southeast-2': { location: 'Asia Pacific (Sydney)', usagePrefix: 'APS2' },
  'ap-northeast-1': { location: 'Asia Pacific (Tokyo)', usagePrefix: 'APN1' },
  'ap-northeast-2': { location: 'Asia Pacific (Seoul)', usagePrefix: 'APN2' },
};

/** A region that the table lacks goes by its own name. */
export const priceLocationOf = (region: string): PriceLocation =>
  LOCATIONS[region] ?? { location: region, usagePrefix: region.toUpperCase().replaceAll('-', '') };
