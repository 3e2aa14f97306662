import { GLOBAL } from '../../cloud/cloud.ts';
import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { FailureCondition } from '../../control.ts';
import type { AzureAccount } from '../account.ts';
import { MACHINE_SIZES } from '../compute/sizes.ts';
import { createPriceCatalog, type PricedInstance } from '../price-catalog.ts';
import { createRetailPrices } from '../retail-prices.ts';

const SERVICE = 'retail-prices';

const spec: ServiceSpec = {
  cloud: 'azure',
  service: SERVICE,
  title: 'Azure Retail Prices',
  layer: 'shared',
  isRegional: false,
  needsTls: false,
  hosts: () => ['prices.azure.com'],
  auth: ['none'],
  sdk: null,
  operations: [{ name: 'list', request: 'GET /api/retail/prices' }],
  quota: { requestsPerS: null, source: 'no figure is known to us' },
  errors: {
    'malformed-request': { status: 400, code: 'BadRequest' },
    'unknown-resource': { status: 404, code: '404' },
    throttled: { status: 429, code: 'TooManyRequests' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source: '"Azure Retail Prices overview" (REST API reference); read November 2026. It names no error: codes and words are ours',
};

/** Every size of virtual machine in every region, with and without the spot discount. */
const listInstances = ({ regions, machinePrices }: AzureAccount): readonly PricedInstance[] =>
  regions.flatMap((region) =>
    MACHINE_SIZES.flatMap((size) =>
      [false, true].map((isSpot) => ({
        region: { region, instanceType: size.name },
        isSpot,
        get usdPerHour() {
          return machinePrices.usdPerHour(size, region, isSpot);
        },
      })),
    ),
  );

const FAILURES: Readonly<Record<FailureCondition, readonly [status: number, code: string, message: string]>> = {
  unavailable: [503, 'ServiceUnavailable', 'The service is unavailable.'],
  internal: [500, 'InternalServerError', 'The server encountered an error.'],
  throttled: [429, 'TooManyRequests', 'Too many requests.'],
  'model-error': [500, 'InternalServerError', 'The server encountered an error.'],
};

const fail = (condition: FailureCondition): Response => {
  const [status, Code, Message] = FAILURES[condition];
  return Response.json({ Error: { Code, Message } }, { status, headers: status === 429 ? { 'retry-after': '1' } : {} });
};

/** The public price list. */
export const retailPrices: CloudService<AzureAccount> = {
  spec,
  create(account) {
    const answer = createRetailPrices(createPriceCatalog(listInstances(account)));
    return async (request) => (account.rates.admits(SERVICE, GLOBAL) ? answer(request) : fail('throttled'));
  },
  failure: fail,
};
