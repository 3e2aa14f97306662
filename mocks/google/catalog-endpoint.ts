import type { FetchHandler } from '../emulator.ts';
import type { InferenceBackend } from '../inference/backend.ts';
import type { Authenticate } from './authenticate.ts';
import { badRequest, errorResponse, unknownPathResponse } from './errors.ts';
import { CATALOG_API } from './google-api.ts';
import { describeSku, VERTEX_AI_SERVICE_ID } from './sku.ts';

const MAX_PAGE_SIZE = 5000;

const invalid = (field: string, description: string): Response =>
  errorResponse('INVALID_ARGUMENT', `Request contains an invalid argument: ${description}`, [badRequest(description, field)]);

/** One page of a list under its name, with the token of the next page; empty when it is the last. */
const page = (name: string, items: readonly unknown[], query: URLSearchParams): Response => {
  const pageSize = Number(query.get('pageSize') ?? 0);
  if (!Number.isInteger(pageSize) || pageSize < 0) return invalid('page_size', 'pageSize is a whole number from 0 to 5000.');
  const size = pageSize === 0 ? MAX_PAGE_SIZE : Math.min(pageSize, MAX_PAGE_SIZE);

  const pageToken = query.get('pageToken') ?? '';
  const offset = pageToken === '' ? 0 : items.findIndex((_, index) => index > 0 && tokenOf(index) === pageToken);
  if (offset < 0) return invalid('page_token', 'pageToken is not one that this list gave.');

  const end = offset + size;
  return Response.json(
    { [name]: items.slice(offset, end), nextPageToken: end < items.length ? tokenOf(end) : '' },
    { headers: { 'content-type': 'application/json; charset=UTF-8' } },
  );
};

const tokenOf = (offset: number): string => btoa(`offset=${offset}`).replaceAll('=', '');

const VERTEX_AI = {
  name: `services/${VERTEX_AI_SERVICE_ID}`,
  serviceId: VERTEX_AI_SERVICE_ID,
  displayName: 'Vertex AI',
  businessEntityName: 'businessEntities/GCP',
};

/**
 * The Cloud Billing Catalog API, `https://cloudbilling.googleapis.com`: `GET /v1/services` and `GET /v1/services/{id}/skus`,
 * one SKU a region at the price in force. Prices are in US dollars; another `currencyCode` is refused, as no rate is known.
 * Source: cloud.google.com/billing/docs/reference/rest/v1/services.skus/list.
 */
export const createCatalogEndpoint =
  (backends: readonly InferenceBackend[], authenticate: Authenticate): FetchHandler =>
  async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const match = /^\/v1\/services(?:\/([^/]+)\/skus)?$/.exec(pathname);
    if (!match || request.method !== 'GET') return unknownPathResponse(pathname);
    const serviceId = match[1];

    const refusal = await authenticate(request, CATALOG_API, serviceId === undefined ? 'ListServices' : 'ListSkus');
    if (refusal) return refusal;
    if (serviceId === undefined) return page('services', [VERTEX_AI], searchParams);
    if (serviceId !== VERTEX_AI_SERVICE_ID) return errorResponse('NOT_FOUND', `Service services/${serviceId} not found.`);
    const currency = searchParams.get('currencyCode') ?? 'USD';
    if (currency !== 'USD') return invalid('currency_code', `Currency ${currency} is not supported; USD is.`);
    return page('skus', backends.map(describeSku), searchParams);
  };
