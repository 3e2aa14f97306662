import { roundUsd } from './usd.ts';

/** What can be had at a price in a region: a serving instance, or a virtual machine. */
export interface PricedInstance {
  readonly region: { readonly region: string; readonly instanceType: string };
  /** Price in force, US dollars an hour. */
  readonly usdPerHour: number;
  /** A spot machine has a row of its own beside the ordinary one. */
  readonly isSpot?: boolean;
}

/** One row of the Retail Prices API. */
export interface RetailPrice {
  readonly currencyCode: string;
  readonly tierMinimumUnits: number;
  /** US dollars an hour. */
  readonly retailPrice: number;
  readonly unitPrice: number;
  readonly armRegionName: string;
  readonly location: string;
  readonly effectiveStartDate: string;
  readonly meterId: string;
  readonly meterName: string;
  readonly productId: string;
  readonly skuId: string;
  readonly productName: string;
  readonly skuName: string;
  readonly serviceName: string;
  readonly serviceId: string;
  readonly serviceFamily: string;
  readonly unitOfMeasure: string;
  readonly type: string;
  readonly isPrimaryMeterRegion: boolean;
  readonly armSkuName: string;
}

/** Display names of regions. As rows of the Retail Prices API have them in their users' repositories. Other regions go by their own name. */
const LOCATIONS: Readonly<Record<string, string>> = {
  eastus: 'US East',
  eastus2: 'US East 2',
  westus: 'US West',
  westus2: 'US West 2',
  southcentralus: 'US South Central',
  westeurope: 'EU West',
  northeurope: 'EU North',
};

/** Serving instances are virtual machines, and billed as such. */
const VIRTUAL_MACHINES = { serviceName: 'Virtual Machines', serviceId: 'DZH313Z7MMC8', serviceFamily: 'Compute' };

/** `Standard_DS3_v2` is the SKU `DS3 v2` of the series `DSv2`. */
const nameSku = (instanceType: string): { readonly skuName: string; readonly productName: string } => {
  const skuName = instanceType.replace(/^Standard_/, '').replaceAll('_', ' ');
  return { skuName, productName: `Virtual Machines ${skuName.replace(/\d+/, '').replaceAll(' ', '')} Series` };
};

/** @returns a function that gives every instance's price in force now, in their order */
export const createPriceCatalog = (instances: readonly PricedInstance[]): (() => readonly RetailPrice[]) => {
  const rows = instances.map((instance, index) => {
    const productId = 'DZH318Z0SQLL';
    return { instance, meterId: crypto.randomUUID(), productId, skuId: `${productId}/${`${index}`.padStart(4, '0')}` };
  });
  return () =>
    rows.map(({ instance, ...ids }) => {
      const { region, instanceType } = instance.region;
      const usdPerHour = roundUsd(instance.usdPerHour);
      const named = nameSku(instanceType);
      const skuName = instance.isSpot ? `${named.skuName} Spot` : named.skuName;
      return {
        currencyCode: 'USD',
        tierMinimumUnits: 0,
        retailPrice: usdPerHour,
        unitPrice: usdPerHour,
        armRegionName: region,
        location: LOCATIONS[region] ?? region,
        effectiveStartDate: '2026-01-01T00:00:00Z',
        ...ids,
        meterName: skuName,
        productName: named.productName,
        skuName,
        ...VIRTUAL_MACHINES,
        unitOfMeasure: '1 Hour',
        type: 'Consumption',
        isPrimaryMeterRegion: true,
        armSkuName: instanceType,
      };
    });
};
