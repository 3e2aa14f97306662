import type { InferenceBackend } from '../inference/backend.ts';
import { toMoney } from './money.ts';
import { stableDigits } from './resource-names.ts';

/** Vertex AI in the Cloud Billing catalog: the id that `GET /v1/services` lists for it. */
export const VERTEX_AI_SERVICE_ID = 'C7E2-9256-1C43';

const skuId = (region: string, instanceType: string): string => {
  const hex = BigInt(stableDigits(`sku ${region} ${instanceType}`, 16))
    .toString(16)
    .toUpperCase()
    .padStart(12, '0')
    .slice(-12);
  return `${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`;
};

/**
 * The serving instance of a region as a SKU, at the price in force now.
 * Google sells an instance as several SKUs (cores, memory, accelerators); here it is one, its machine type in the description.
 * Source of the form: cloud.google.com/billing/docs/reference/rest/v1/services.skus.
 */
export const describeSku = ({ region, usdPerHour }: InferenceBackend) => ({
  name: `services/${VERTEX_AI_SERVICE_ID}/skus/${skuId(region.region, region.instanceType)}`,
  skuId: skuId(region.region, region.instanceType),
  description: `Vertex AI: Online/Batch Prediction ${region.instanceType} Instance running in ${region.region}`,
  category: {
    serviceDisplayName: 'Vertex AI',
    resourceFamily: 'ApplicationServices',
    resourceGroup: 'Prediction',
    usageType: 'OnDemand',
  },
  serviceRegions: [region.region],
  pricingInfo: [
    {
      summary: '',
      pricingExpression: {
        usageUnit: 'h',
        displayQuantity: 1,
        tieredRates: [{ startUsageAmount: 0, unitPrice: toMoney(usdPerHour) }],
        usageUnitDescription: 'hour',
        baseUnit: 's',
        baseUnitDescription: 'second',
        baseUnitConversionFactor: 3600,
      },
      currencyConversionRate: 1,
      effectiveTime: new Date().toISOString(),
    },
  ],
  serviceProviderName: 'Google',
  geoTaxonomy: { type: 'REGIONAL', regions: [region.region] },
});
