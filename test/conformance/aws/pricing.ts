import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import { pricing } from '../../../mocks/aws/services/pricing.ts';
import type { ConformanceCase } from '../case.ts';
import { clientOf, codeOf, forgeSecret, statusOf } from './forge.ts';

export const pricingCase: ConformanceCase = {
  spec: pricing.spec,
  connect(target) {
    const client = new PricingClient(clientOf(target));
    const find = (ServiceCode: string, Field: string) =>
      client.send(new GetProductsCommand({ ServiceCode, Filters: [{ Type: 'TERM_MATCH', Field, Value: 'ml.g5.xlarge' }] }));
    return {
      async good() {
        const { PriceList = [] } = await find('AmazonSageMaker', 'instanceName');
        if (PriceList.length === 0) throw new Error('no product was found');
      },
      malformed: () => find('AmazonSageMaker', 'colour'),
      unknownResource: () => find('AmazonTeapot', 'instanceName'),
      close: async () => client.destroy(),
    };
  },
  forge: forgeSecret,
  codeOf,
  statusOf,
};
