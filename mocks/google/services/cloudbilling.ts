import type { CloudService } from '../../cloud/service.ts';
import type { GoogleAccount } from '../account.ts';
import { withRate } from '../admission.ts';
import { createCatalogEndpoint } from '../catalog-endpoint.ts';
import { CATALOG_API } from '../google-api.ts';

const SERVICE = 'cloudbilling';

/** The Cloud Billing Catalog: list prices of what serves predictions. */
export const cloudbilling: CloudService<GoogleAccount> = {
  spec: {
    cloud: 'google',
    service: SERVICE,
    title: 'Cloud Billing Catalog',
    layer: 'shared',
    isRegional: false,
    needsTls: false,
    hosts: () => ['cloudbilling.googleapis.com'],
    auth: ['google-oauth'],
    sdk: { package: '@google-cloud/billing', override: "apiEndpoint and port, with fallback: 'rest' and protocol: 'http'" },
    operations: [
      { name: 'ListServices', request: 'GET /v1/services' },
      { name: 'ListSkus', request: 'GET /v1/services/{service}/skus' },
    ],
    quota: {
      requestsPerS: 5,
      source: '300 API calls a minute in a project; cloud.google.com/billing/quotas, in a copy (searched November 2026)',
    },
    // The catalog is public to whoever has a credential: IAM has no say in it.
    errors: {
      'forged-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'expired-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'revoked-credential': { status: 401, code: 'UNAUTHENTICATED' },
      'malformed-request': { status: 400, code: 'INVALID_ARGUMENT' },
      'unknown-resource': { status: 404, code: 'NOT_FOUND' },
      throttled: { status: 429, code: 'RESOURCE_EXHAUSTED' },
      unavailable: { status: 503, code: 'UNAVAILABLE' },
    },
    source: 'google/cloud/billing/v1/cloud_catalog.proto of @google-cloud/billing',
  },
  create: (account, region) =>
    createCatalogEndpoint(
      account.backends,
      withRate(account, SERVICE, region, {
        service: CATALOG_API.service,
        metricTitle: 'Requests',
        limitTitle: 'Requests per minute',
        metric: 'requests',
        limit: 'RequestsPerMinutePerProject',
        location: 'global',
      }),
    ),
};
