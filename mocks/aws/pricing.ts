import { z } from 'zod';
import type { FetchHandler } from '../emulator.ts';
import type { InferenceBackend } from '../inference/backend.ts';
import { readBytes } from '../shared/read-bytes.ts';
import { AwsError, frontEndError, jsonErrorResponse, withRequestId } from './errors.ts';
import { checkAccess } from './identity.ts';
import { describeProduct, type PricedInstance, type PricedProduct, SERVICE_CODE } from './price-list.ts';
import type { KeyFinder, KnownKey, SessionStore } from './session-store.ts';
import { authenticate } from './sigv4.ts';

/** Regions that the service is in; it answers for all others. Source: `api.pricing` in botocore's endpoints, read November 2026. */
const SIGNING_REGIONS = ['us-east-1', 'eu-central-1', 'ap-south-1'];

const TARGET_PREFIX = 'AWSPriceListService.';

/** The service's operations; the workload's role allows only the first. */
const OPERATIONS: readonly string[] = [
  'GetProducts',
  'DescribeServices',
  'GetAttributeValues',
  'ListPriceLists',
  'GetPriceListFileUrl',
];

const BODY_LIMIT_BYTES = 1024 * 1024;
const MAX_RESULTS = 100;

const splitValues = (text: string): readonly string[] => text.split(',').map((value) => value.trim());

/** Filter types of the API. `TERM_MATCH` and `EQUALS` do the same. */
const MATCHES: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  TERM_MATCH: (actual, wanted) => actual === wanted,
  EQUALS: (actual, wanted) => actual === wanted,
  CONTAINS: (actual, wanted) => actual.includes(wanted),
  ANY_OF: (actual, wanted) => splitValues(wanted).includes(actual),
  NONE_OF: (actual, wanted) => !splitValues(wanted).includes(actual),
};

const getProductsInput = z.object({
  ServiceCode: z.string(),
  Filters: z.array(z.object({ Type: z.enum(Object.keys(MATCHES)), Field: z.string(), Value: z.string() })).default([]),
  FormatVersion: z.literal('aws_v1').default('aws_v1'),
  MaxResults: z.int().min(1).max(MAX_RESULTS).default(MAX_RESULTS),
  NextToken: z.string().optional(),
});

type GetProductsInput = z.output<typeof getProductsInput>;

/** What the price list answers from. */
export interface PricingParts<Key extends KnownKey> {
  /** Read with each request, for their prices change. */
  instances(): readonly PricedInstance[];
  readonly keys: KeyFinder<Key>;
  /** Besides those that the service is in. */
  readonly signingRegions?: readonly string[];
  /** @throws {AwsError} when the caller may not do an IAM action at the moment */
  allow(key: Key, operation: string): void;
}

/** AWS Price List Query API: `GetProducts` over the instances that serve, each at its price in force. */
export const createPricing = (backends: readonly InferenceBackend[], sessions: SessionStore): FetchHandler =>
  createPriceList({
    instances: () => backends,
    keys: sessions,
    allow: (_key, operation) => checkAccess(`pricing:${operation}`, '*'),
  });

export const createPriceList =
  <Key extends KnownKey>(parts: PricingParts<Key>): FetchHandler =>
  async (request) =>
    withRequestId(await answer(request, parts).catch((error: unknown) => jsonErrorResponse(error)));

const answer = async <Key extends KnownKey>(request: Request, parts: PricingParts<Key>): Promise<Response> => {
  const target = request.headers.get('x-amz-target') ?? '';
  const operation = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  if (request.method !== 'POST' || new URL(request.url).pathname !== '/' || !OPERATIONS.includes(operation)) {
    throw frontEndError('UnknownOperationException', null, 404);
  }
  const body = await readBytes(request, BODY_LIMIT_BYTES);
  if (!body) throw frontEndError(null, `HTTP content length exceeded ${BODY_LIMIT_BYTES} bytes.`, 413);
  const regions = [...SIGNING_REGIONS, ...(parts.signingRegions ?? [])];
  const key = await authenticate(request, body, { service: 'pricing', regions }, parts.keys);
  parts.allow(key, operation);
  if (request.headers.get('content-type') !== 'application/x-amz-json-1.1') {
    throw frontEndError('SerializationException', 'The content type must be application/x-amz-json-1.1.', 400);
  }
  return Response.json(getProducts(parseInput(new TextDecoder().decode(body)), parts.instances()), {
    headers: { 'content-type': 'application/x-amz-json-1.1' },
  });
};

const parseInput = (text: string): GetProductsInput => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw frontEndError('SerializationException', 'The request body is not JSON.', 400);
  }
  const { data, error } = getProductsInput.safeParse(json);
  if (!data) {
    const issues = error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
    throw invalidParameter(`Input Parameters are invalid. [${issues.join('; ')}]`);
  }
  if (data.ServiceCode !== SERVICE_CODE) {
    throw new AwsError('NotFoundException', 400, {
      Message: `The service '${data.ServiceCode}' has no products here; ${SERVICE_CODE} has.`,
    });
  }
  return data;
};

const invalidParameter = (message: string) => new AwsError('InvalidParameterException', 400, { Message: message });

const getProducts = (input: GetProductsInput, instances: readonly PricedInstance[]) => {
  const products = instances.map(describeProduct).filter((product) => input.Filters.every((filter) => matches(product, filter)));
  const start = input.NextToken === undefined ? 0 : readToken(input.NextToken);
  const end = start + input.MaxResults;
  return {
    FormatVersion: 'aws_v1',
    // Each product is JSON in a string: so the API has it.
    PriceList: products.slice(start, end).map((product) => JSON.stringify(product)),
    ...(end < products.length ? { NextToken: `next-${end}` } : {}),
  };
};

const matches = ({ product }: PricedProduct, { Type, Field, Value }: GetProductsInput['Filters'][number]): boolean => {
  const fields: Readonly<Record<string, string>> = {
    ...product.attributes,
    productFamily: product.productFamily,
    sku: product.sku,
    ServiceCode: SERVICE_CODE,
  };
  const actual = Object.hasOwn(fields, Field) ? fields[Field] : undefined;
  if (actual === undefined) throw invalidParameter(`Input Parameters are invalid. [Filters: products have no field '${Field}']`);
  return MATCHES[Type]?.(actual, Value) ?? false;
};

const readToken = (token: string): number => {
  const [, start] = /^next-([1-9]\d{0,8})$/.exec(token) ?? [];
  if (start === undefined) throw new AwsError('InvalidNextTokenException', 400, { Message: 'The pagination token is invalid.' });
  return Number(start);
};
