import type { ProviderName } from '../../mocks/emulator.ts';

/** An instance type that a provider serves models on, with its on-demand price in each region. */
export interface InstancePrices {
  readonly provider: ProviderName;
  /** The provider's own name. */
  readonly instanceType: string;
  /** What it is, e.g. `1 T4 GPU, 4 vCPU`. */
  readonly summary: string;
  /** US dollars an hour by the provider's own region name. */
  readonly usdPerHour: Readonly<Record<string, number>>;
  /** Where the figures are from, and as of when. */
  readonly source: string;
}

/** Each price in the other regions is an estimate: EC2's regional price with SageMaker's surcharge on that type (1.4 and 1.2 in us-east-1). */
const SAGEMAKER =
  'aws.amazon.com/sagemaker/pricing, real-time inference, as quoted in public cost tables of 2024 to 2026; outside the USA estimates';

/** Vertex AI charges the machine with a surcharge of about 15 % over Compute Engine; its own table could not be read. */
const VERTEX = 'estimate of November 2026: list price of Compute Engine (cloud.google.com/compute/all-pricing) plus 15 %';

/** Azure ML online endpoints charge the virtual machine, without a surcharge. */
const AZURE =
  'Azure Retail Prices API (prices.azure.com), Linux pay-as-you-go, as recorded by github.com/skypilot-org/skypilot-catalog v6 in 2025; outside the USA estimates';

/** The first instance type of a provider is its default. */
export const priceBook: readonly InstancePrices[] = [
  {
    provider: 'aws',
    instanceType: 'ml.g4dn.xlarge',
    summary: '1 T4 GPU, 4 vCPU',
    usdPerHour: {
      'us-east-1': 0.7364,
      'us-east-2': 0.7364,
      'us-west-2': 0.7364,
      'eu-west-1': 0.822,
      'eu-central-1': 0.921,
      'ap-northeast-1': 0.994,
    },
    source: SAGEMAKER,
  },
  {
    provider: 'aws',
    instanceType: 'ml.c5.2xlarge',
    summary: '8 vCPU',
    usdPerHour: {
      'us-east-1': 0.408,
      'us-east-2': 0.408,
      'us-west-2': 0.408,
      'eu-west-1': 0.461,
      'eu-central-1': 0.466,
      'ap-northeast-1': 0.514,
    },
    source: SAGEMAKER,
  },
  {
    provider: 'google',
    instanceType: 'g2-standard-4',
    summary: '1 L4 GPU, 4 vCPU',
    usdPerHour: {
      'us-east4': 0.916,
      'us-central1': 0.813,
      'us-west1': 0.813,
      'europe-west1': 0.894,
      'europe-west4': 0.895,
      'asia-northeast1': 1.043,
    },
    source: VERTEX,
  },
  {
    provider: 'google',
    instanceType: 'n1-standard-8',
    summary: '8 vCPU',
    usdPerHour: {
      'us-east4': 0.492,
      'us-central1': 0.437,
      'us-west1': 0.437,
      'europe-west1': 0.481,
      'europe-west4': 0.481,
      'asia-northeast1': 0.561,
    },
    source: VERTEX,
  },
  {
    provider: 'azure',
    instanceType: 'Standard_NC4as_T4_v3',
    summary: '1 T4 GPU, 4 vCPU',
    usdPerHour: {
      eastus: 0.526,
      northcentralus: 0.526,
      westus: 0.631,
      westus3: 0.526,
      northeurope: 0.58,
      westeurope: 0.6,
      germanywestcentral: 0.66,
      japaneast: 0.71,
    },
    source: AZURE,
  },
  {
    provider: 'azure',
    instanceType: 'Standard_F8s_v2',
    summary: '8 vCPU',
    usdPerHour: {
      eastus: 0.338,
      northcentralus: 0.34,
      westus: 0.424,
      westus3: 0.338,
      northeurope: 0.38,
      westeurope: 0.39,
      germanywestcentral: 0.39,
      japaneast: 0.43,
    },
    source: AZURE,
  },
];

export const instancesOf = (provider: ProviderName): readonly InstancePrices[] =>
  priceBook.filter((prices) => prices.provider === provider);

/** On-demand price, US dollars an hour; undefined when the book does not have it. */
export const listPriceUsdPerHour = (provider: ProviderName, instanceType: string, region: string): number | undefined =>
  instancesOf(provider).find((prices) => prices.instanceType === instanceType)?.usdPerHour[region];
