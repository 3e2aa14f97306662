import { retailPrices } from '../../../mocks/azure/services/retail-prices.ts';
import type { ConformanceCase } from '../case.ts';
import { ask, codeOf, statusOf } from './plain.ts';

const codeIn = (body: unknown) => (body as { readonly Error?: { readonly Code?: unknown } }).Error?.Code;

export const retailPricesCase: ConformanceCase = {
  spec: retailPrices.spec,
  connect({ origin }) {
    const list = (filter: string) => ask(`${origin}/api/retail/prices?$filter=${encodeURIComponent(filter)}`, codeIn);
    return {
      async good() {
        const { Items } = (await list("armSkuName eq 'Standard_D2s_v3' and armRegionName eq 'eastus'")) as { Items: unknown[] };
        if (Items.length !== 2) throw new Error('a machine has a price, and one as a spot machine');
      },
      malformed: () => list('armSkuName is cheap'),
      unknownResource: () => ask(`${origin}/api/retail/nothing`, codeIn),
    };
  },
  codeOf,
  statusOf,
};
