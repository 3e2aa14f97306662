import type { ProviderPrices } from './provider-prices.ts';

/** Azure ML online endpoints charge the virtual machine, without a surcharge. */
const AZURE =
  'Azure Retail Prices API (prices.azure.com), Linux pay-as-you-go, as recorded by github.com/skypilot-org/skypilot-catalog v6 in 2025; outside the USA estimates';

const AZURE_SPOT =
  'rows of NC8as_T4_v3 and D8s in github.com/skypilot-org/skypilot-catalog v6 of 2025 (0.11 to 0.13 of the list price): an estimate for this type; managed online endpoints have no spot market, Kubernetes ones may run on spot nodes';

/** First byte of an online tier: "milliseconds" in every table; our figure. */
const ONLINE_MS = 100;

const HOUR_MS = 3_600_000;

/** Microsoft Azure. */
export const azurePrices: ProviderPrices = {
  provider: 'azure',
  instances: [
    {
      instanceType: 'Standard_NC4as_T4_v3',
      instanceClass: 'gpu',
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
      spotShare: 0.12,
      spotSource: AZURE_SPOT,
      serviceTimeFactor: 1,
    },
    {
      instanceType: 'Standard_F8s_v2',
      instanceClass: 'cpu',
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
      spotShare: 0.12,
      spotSource: AZURE_SPOT,
      // Our choice: docs/cost.md says why there is no figure that is true of all models.
      serviceTimeFactor: 3,
    },
  ],
  serverless: {
    product: 'Azure Container Apps, consumption plan',
    vcpus: 1,
    memoryGb: 2,
    usdPerVcpuS: 0.000024,
    usdPerGbS: 0.000003,
    usdPerMillionRequests: 0.4,
    source:
      'azure.microsoft.com/pricing/details/container-apps, active usage, from memory; its meters (vCPU-seconds, GiB-seconds, requests) as in "Billing in Azure Container Apps", read November 2026; Azure ML serverless endpoints are billed by the token',
  },
  egress: {
    internetUsdPerGb: 0.087,
    interRegionUsdPerGb: 0.02,
    source: 'first 10 TB a month, zone 1, as compared by cloudcalcep.com and cloudtoolstack.com, early 2026',
  },
  storage: {
    product: 'Azure Blob Storage',
    tiers: {
      hot: {
        name: 'Hot',
        usdPerGbMonth: 0.0184,
        retrievalUsdPerGb: 0,
        minimumDays: 0,
        putUsdPer1k: 0.005,
        getUsdPer1k: 0.0004,
        retrievalMs: ONLINE_MS,
      },
      cool: {
        name: 'Cool',
        usdPerGbMonth: 0.01,
        retrievalUsdPerGb: 0.01,
        minimumDays: 30,
        putUsdPer1k: 0.01,
        getUsdPer1k: 0.001,
        retrievalMs: ONLINE_MS,
      },
      cold: {
        name: 'Cold',
        usdPerGbMonth: 0.0036,
        retrievalUsdPerGb: 0.03,
        minimumDays: 90,
        putUsdPer1k: 0.018,
        getUsdPer1k: 0.01,
        retrievalMs: ONLINE_MS,
      },
      archive: {
        name: 'Archive',
        usdPerGbMonth: 0.002,
        retrievalUsdPerGb: 0.022,
        minimumDays: 180,
        putUsdPer1k: 0.01,
        getUsdPer1k: 0.5,
        retrievalMs: 15 * HOUR_MS,
        expeditedRetrievalMs: HOUR_MS,
      },
    },
    source:
      'azure.microsoft.com/pricing/details/storage/blobs, LRS, East US 2, as quoted in public course notes of 2025 to 2026, retrieval of Cool and Cold from memory; times (up to 15 hours, high priority under one for less than 10 GB) of "Rehydrate blob data from the archive tier" (learn.microsoft.com), read November 2026',
  },
};
