import { type GatewayRegion, gatewayRegionNames, type RegionId } from './regions.ts';

/**
 * Average round trips of ICMP pings between virtual machines, in milliseconds, one column a gateway region in the order of `regions.ts`.
 *
 * Source: the latency grid of Skyplane (UC Berkeley), github.com/skyplane-project/skyplane, profiles/latency.csv, of 2022-04-16,
 * rounded; premium network tier; where both directions were measured the lower average. It is the only public set found that crosses
 * AWS, Google Cloud and Azure by one method. Microsoft's own table (learn.microsoft.com/azure/networking/azure-network-latency,
 * 95th percentiles of July 2026) agrees: East US to West US 72, to North Central US 24, to West Europe 91.
 *
 * A region to itself is an estimate: AWS says single-digit milliseconds between zones.
 */
const roundTrips: Readonly<Record<RegionId, readonly number[]>> = {
  'aws/us-east-1': [1, 68, 85, 90, 168],
  'aws/us-east-2': [11, 54, 76, 99, 145],
  'aws/us-west-2': [68, 1, 122, 147, 98],
  'aws/eu-west-1': [85, 122, 1, 22, 214],
  'aws/eu-central-1': [90, 147, 22, 1, 223],
  'aws/ap-northeast-1': [168, 98, 214, 223, 1],
  'google/us-east4': [3, 82, 85, 87, 149],
  'google/us-central1': [29, 65, 104, 107, 131],
  'google/us-west1': [63, 15, 140, 139, 109],
  'google/europe-west1': [82, 156, 19, 11, 220],
  'google/europe-west4': [84, 162, 18, 9, 226],
  'google/asia-northeast1': [154, 105, 227, 230, 5],
  'azure/eastus': [2, 80, 67, 89, 155],
  'azure/northcentralus': [19, 65, 88, 107, 144],
  'azure/westus': [67, 21, 136, 156, 106],
  'azure/westus3': [56, 35, 118, 135, 107],
  'azure/northeurope': [67, 145, 2, 23, 231],
  'azure/westeurope': [80, 159, 20, 7, 229],
  'azure/germanywestcentral': [87, 168, 23, 2, 223],
  'azure/japaneast': [158, 98, 250, 243, 4],
};

/** Provider regions whose round trip is known from each gateway region. */
export const knownRegions = Object.keys(roundTrips) as readonly RegionId[];

/**
 * Round trip between a gateway and a provider's region, milliseconds.
 * @returns undefined when it is not in the table
 */
export const roundTripMs = (gateway: GatewayRegion, region: RegionId): number | undefined =>
  roundTrips[region]?.[gatewayRegionNames.indexOf(gateway)];
