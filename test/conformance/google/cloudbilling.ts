import { CloudCatalogClient } from '@google-cloud/billing';
import { cloudbilling } from '../../../mocks/google/services/cloudbilling.ts';
import { VERTEX_AI_SERVICE_ID } from '../../../mocks/google/sku.ts';
import { clientOptions, ONCE } from '../../support/google-cloud.ts';
import type { ConformanceCase } from '../case.ts';
import { check, forge } from './errors.ts';

/** The google-gax of this client (5.0) throws what its HTTP library throws: the answer's body is the message. */
const bodyOf = (error: unknown): { readonly code?: number; readonly status?: string } =>
  JSON.parse((error as Error).message).error;

export const cloudbillingCase: ConformanceCase = {
  spec: cloudbilling.spec,
  connect({ origin, credential }) {
    const client = new CloudCatalogClient(clientOptions(origin, credential));
    const list = async (service: string, currencyCode: string) => {
      const [skus] = await client.listSkus({ parent: `services/${service}`, currencyCode }, { ...ONCE, autoPaginate: false });
      return skus;
    };
    return {
      async good() {
        const skus = await list(VERTEX_AI_SERVICE_ID, 'USD');
        const prices = skus.map(
          ({ pricingInfo }) => pricingInfo?.[0]?.pricingExpression?.tieredRates?.[0]?.unitPrice?.nanos ?? 0,
        );
        check(prices.length > 0 && prices.every((price) => price > 0), skus);
      },
      malformed: () => list(VERTEX_AI_SERVICE_ID, 'XXX'),
      unknownResource: () => list('0000-0000-0000', 'USD'),
      close: () => client.close(),
    };
  },
  forge,
  codeOf: (error) => String(bodyOf(error).status),
  statusOf: (error) => Number(bodyOf(error).code),
};
