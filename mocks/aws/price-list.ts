import { Sha256 } from '@aws-crypto/sha256-js';
import type { RegionConfig } from '../emulator.ts';
import { priceLocationOf } from './locations.ts';

/** Service code of SageMaker in the price list. */
export const SERVICE_CODE = 'AmazonSageMaker';

/** Codes that every on-demand, per-hour price in the real price list has. */
const ON_DEMAND_TERM = 'JRTCKXETXF';
const HOURLY_RATE = '6YS6EN2CT7';

/** A product with its price in force, in the price list's own shape. */
export interface PricedProduct {
  readonly product: {
    readonly productFamily: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly sku: string;
  };
  readonly [part: string]: unknown;
}

/** A hosting instance in a region, at its price in force: list price times multiplier. */
export interface PricedInstance {
  readonly region: Pick<RegionConfig, 'region' | 'instanceType'>;
  readonly usdPerHour: number;
}

export const describeProduct = ({ region, usdPerHour }: PricedInstance): PricedProduct => {
  const { instanceType } = region;
  const { location, usagePrefix } = priceLocationOf(region.region);
  const sku = skuOf(`${region.region}/${instanceType}`);
  const offer = `${sku}.${ON_DEMAND_TERM}`;
  const rate = `${offer}.${HOURLY_RATE}`;
  const usd = usdPerHour.toFixed(10);
  const today = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
  return {
    product: {
      productFamily: 'ML Instance',
      attributes: {
        regionCode: region.region,
        servicecode: SERVICE_CODE,
        servicename: 'Amazon SageMaker',
        instanceType,
        instanceName: instanceType,
        component: 'Hosting',
        usagetype: `${usagePrefix}-Host:${instanceType}`,
        locationType: 'AWS Region',
        location,
        operation: 'RunInstance',
      },
      sku,
    },
    serviceCode: SERVICE_CODE,
    terms: {
      OnDemand: {
        [offer]: {
          priceDimensions: {
            [rate]: {
              unit: 'Hrs',
              endRange: 'Inf',
              description: `$${Number(usd)} per Hosting ${instanceType} hour in ${location}`,
              appliesTo: [],
              rateCode: rate,
              beginRange: '0',
              pricePerUnit: { USD: usd },
            },
          },
          sku,
          effectiveDate: today,
          offerTermCode: ON_DEMAND_TERM,
          termAttributes: {},
        },
      },
    },
    version: today.replace(/\D/g, ''),
    publicationDate: today,
  };
};

/** Sixteen capitals and digits, always the same for one product, as a real SKU. */
const skuOf = (product: string): string => {
  const hash = new Sha256();
  hash.update(product);
  return Array.from(hash.digestSync().subarray(0, 16), (byte) => (byte % 36).toString(36).toUpperCase()).join('');
};
