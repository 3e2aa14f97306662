import type { ProviderPrices } from './provider-prices.ts';

/** Vertex AI charges the machine with a surcharge of about 15 % over Compute Engine; its own table could not be read. */
const VERTEX = 'estimate of November 2026: list price of Compute Engine (cloud.google.com/compute/all-pricing) plus 15 %';

/** Every class of Cloud Storage answers in milliseconds, Archive too (cloud.google.com/storage/docs/storage-classes); our figure. */
const ONLINE_MS = 100;

/** Google Cloud. */
export const googlePrices: ProviderPrices = {
  provider: 'google',
  instances: [
    {
      instanceType: 'g2-standard-4',
      instanceClass: 'gpu',
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
      spotShare: 0.4,
      spotSource:
        'estimate: the smallest discount of Spot VMs, 60 % (cloud.google.com/spot-vms, "60 to 91 %"); Vertex AI serves on Spot VMs (its docs, "Use Spot VMs with prediction", read November 2026)',
      serviceTimeFactor: 1,
    },
    {
      instanceType: 'n1-standard-8',
      instanceClass: 'cpu',
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
      spotShare: 0.21,
      spotSource:
        'n1-highmem-8, 0.0996 of 0.4732, in github.com/skypilot-org/skypilot-catalog v8 of 2026: an estimate for this type',
      // Our choice: docs/cost.md says why there is no figure that is true of all models.
      serviceTimeFactor: 3,
    },
  ],
  serverless: {
    product: 'Cloud Run',
    vcpus: 1,
    memoryGb: 2,
    usdPerVcpuS: 0.000024,
    usdPerGbS: 0.0000025,
    usdPerMillionRequests: 0.4,
    source:
      'cloud.google.com/run/pricing, tier 1, CPU allocated during requests, read November 2026; Vertex AI prediction itself has no price by the request',
  },
  egress: {
    internetUsdPerGb: 0.12,
    interRegionUsdPerGb: 0.02,
    source:
      'cloud.google.com/storage/pricing, premium tier, first TB a month, as mirrored in November 2026; between regions of North America from public comparisons of 2026',
  },
  storage: {
    product: 'Cloud Storage',
    tiers: {
      hot: {
        name: 'Standard',
        usdPerGbMonth: 0.023,
        retrievalUsdPerGb: 0,
        minimumDays: 0,
        putUsdPer1k: 0.005,
        getUsdPer1k: 0.0004,
        retrievalMs: ONLINE_MS,
      },
      cool: {
        name: 'Nearline',
        usdPerGbMonth: 0.013,
        retrievalUsdPerGb: 0.01,
        minimumDays: 30,
        putUsdPer1k: 0.01,
        getUsdPer1k: 0.001,
        retrievalMs: ONLINE_MS,
      },
      cold: {
        name: 'Coldline',
        usdPerGbMonth: 0.006,
        retrievalUsdPerGb: 0.02,
        minimumDays: 90,
        putUsdPer1k: 0.02,
        getUsdPer1k: 0.01,
        retrievalMs: ONLINE_MS,
      },
      archive: {
        name: 'Archive',
        usdPerGbMonth: 0.0025,
        retrievalUsdPerGb: 0.05,
        minimumDays: 365,
        putUsdPer1k: 0.05,
        getUsdPer1k: 0.05,
        retrievalMs: ONLINE_MS,
      },
    },
    source:
      'cloud.google.com/storage/pricing, us-east4, as mirrored in November 2026; operations and retrieval of the colder classes from memory',
  },
};
