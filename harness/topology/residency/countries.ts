import type { GatewayRegion, RegionId } from '../regions.ts';

/** ISO 3166-1 alpha-2, e.g. `DE`. */
export type Country = string;

/**
 * Where the regions of the table of round trips stand, by the providers' own lists: docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html,
 * cloud.google.com/compute/docs/regions-zones, learn.microsoft.com/azure/reliability/regions-list. As of November 2026.
 */
const countries: Readonly<Record<RegionId, Country>> = {
  'aws/us-east-1': 'US',
  'aws/us-east-2': 'US',
  'aws/us-west-2': 'US',
  'aws/eu-west-1': 'IE',
  'aws/eu-central-1': 'DE',
  'aws/ap-northeast-1': 'JP',
  'google/us-east4': 'US',
  'google/us-central1': 'US',
  'google/us-west1': 'US',
  'google/europe-west1': 'BE',
  'google/europe-west4': 'NL',
  'google/asia-northeast1': 'JP',
  'azure/eastus': 'US',
  'azure/northcentralus': 'US',
  'azure/westus': 'US',
  'azure/westus3': 'US',
  'azure/northeurope': 'IE',
  'azure/westeurope': 'NL',
  'azure/germanywestcentral': 'DE',
  'azure/japaneast': 'JP',
};

/** Where a provider's region stands; undefined when it is not in the table. */
export const countryOfRegion = (region: RegionId): Country | undefined => countries[region];

/** Where the stack and its nodes stand. */
export const countryOfGateway: Readonly<Record<GatewayRegion, Country>> = {
  'us-east': 'US',
  'us-west': 'US',
  'eu-west': 'IE',
  'eu-central': 'DE',
  'ap-northeast': 'JP',
};
