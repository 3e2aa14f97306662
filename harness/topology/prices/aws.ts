import type { ProviderPrices } from './provider-prices.ts';

/** Each price in the other regions is an estimate: EC2's regional price with SageMaker's surcharge on that type (1.4 and 1.2 in us-east-1). */
const SAGEMAKER =
  'aws.amazon.com/sagemaker/pricing, real-time inference, as quoted in public cost tables of 2024 to 2026; outside the USA estimates';

const EC2_SPOT =
  'estimate of November 2026: SageMaker hosting has no spot market, so EC2 spot of the machine underneath (g4dn.xlarge "typical around 0.19" in public notes of 2025; c5.2xlarge 60 % off 0.34) over the price here';

/** First byte of an online class: "milliseconds" in every table; our figure. */
const ONLINE_MS = 100;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Amazon Web Services. */
export const awsPrices: ProviderPrices = {
  provider: 'aws',
  instances: [
    {
      instanceType: 'ml.g4dn.xlarge',
      instanceClass: 'gpu',
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
      spotShare: 0.26,
      spotSource: EC2_SPOT,
      serviceTimeFactor: 1,
    },
    {
      instanceType: 'ml.c5.2xlarge',
      instanceClass: 'cpu',
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
      spotShare: 0.33,
      spotSource: EC2_SPOT,
      // Our choice: docs/cost.md says why there is no figure that is true of all models.
      serviceTimeFactor: 3,
    },
  ],
  serverless: {
    product: 'SageMaker Serverless Inference',
    vcpus: 1,
    memoryGb: 2,
    // The memory size is all that is paid for: vCPUs come with it.
    usdPerVcpuS: 0,
    usdPerGbS: 0.00002,
    usdPerMillionRequests: 0,
    source:
      'aws.amazon.com/sagemaker/pricing, us-east-1, as quoted in public cost tables of 2026 (0.00002 a second per GB); its charge per GB processed is left out',
  },
  egress: {
    internetUsdPerGb: 0.09,
    interRegionUsdPerGb: 0.02,
    source: 'first 10 TB a month, US regions, as compared by cloudcalcep.com and cloudtoolstack.com, early 2026',
  },
  storage: {
    product: 'Amazon S3',
    tiers: {
      hot: {
        name: 'S3 Standard',
        usdPerGbMonth: 0.023,
        retrievalUsdPerGb: 0,
        minimumDays: 0,
        putUsdPer1k: 0.005,
        getUsdPer1k: 0.0004,
        retrievalMs: ONLINE_MS,
      },
      cool: {
        name: 'S3 Standard-IA',
        usdPerGbMonth: 0.0125,
        retrievalUsdPerGb: 0.01,
        minimumDays: 30,
        putUsdPer1k: 0.01,
        getUsdPer1k: 0.001,
        retrievalMs: ONLINE_MS,
      },
      cold: {
        name: 'S3 Glacier Instant Retrieval',
        usdPerGbMonth: 0.004,
        retrievalUsdPerGb: 0.03,
        minimumDays: 90,
        putUsdPer1k: 0.02,
        getUsdPer1k: 0.01,
        retrievalMs: ONLINE_MS,
      },
      archive: {
        name: 'S3 Glacier Flexible Retrieval',
        usdPerGbMonth: 0.0036,
        retrievalUsdPerGb: 0.01,
        minimumDays: 90,
        putUsdPer1k: 0.03,
        getUsdPer1k: 0.05,
        retrievalMs: 5 * HOUR_MS,
        expeditedRetrievalMs: 5 * MINUTE_MS,
      },
    },
    source:
      'aws.amazon.com/s3/pricing, us-east-1, as quoted in public tables of 2024 to 2026, requests of the colder classes from memory; times (3 to 5 hours, expedited 1 to 5 minutes: the longest taken) of the S3 user guide, "Archive retrieval options", read November 2026',
  },
};
