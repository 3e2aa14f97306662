import { z } from 'zod';
import type { FetchHandler } from '../emulator.ts';
import type { InferenceBackend } from '../inference/backend.ts';
import { readBytes } from '../shared/read-bytes.ts';
import { AwsError, frontEndError, jsonErrorResponse, withRequestId } from './errors.ts';
import { checkAccess } from './identity.ts';
import { describeProduct, type PricedInstance, type PricedProduct, SERVICE_CODE } from './price-list.ts';
import type { KeyFinder, KnownKey, SessionStore } from './session-store.ts';
import { authenticate } from './sigv4.ts';
import { validate } from './wire/validation.ts';

/** Regions that the service is in; it answers for all others. Source: `api.pricing` in botocore's endpoints, read November 2026. */
const SIGNING_REGIONS = ['us-east-1', 'eu-central-1', 'ap-south-1'];

const TARGET_PREFIX = 'AWSPriceListService.';

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

const pageInput = {
  MaxResults: z.int().min(1).max(MAX_RESULTS).default(MAX_RESULTS),
  NextToken: z.string().optional(),
};
const formatVersion = z.literal('aws_v1').default('aws_v1');

const getProductsInput = z.looseObject({
  ServiceCode: z.string(),
  Filters: z.array(z.looseObject({ Type: z.enum(Object.keys(MATCHES)), Field: z.string(), Value: z.string() })).default([]),
  FormatVersion: formatVersion,
  ...pageInput,
});
const describeServicesInput = z.looseObject({ ServiceCode: z.string().optional(), FormatVersion: formatVersion, ...pageInput });
const getAttributeValuesInput = z.looseObject({ ServiceCode: z.string(), AttributeName: z.string(), ...pageInput });

type Filter = z.output<typeof getProductsInput>['Filters'][number];

/** What the price list answers from. */
export interface PricingParts<Key extends KnownKey> {
  /** Read with each request, for their prices change. */
  instances(): readonly PricedInstance[];
  readonly keys: KeyFinder<Key>;
  /** The service's clock, epoch milliseconds; the machine's when left out. */
  readonly nowMs?: () => number;
  /** Besides those that the service is in. */
  readonly signingRegions?: readonly string[];
  /** @throws {AwsError} when the caller may not do an IAM action at the moment */
  allow(key: Key, operation: string): void;
}

/** AWS Price List Query API over the instances that serve, each at its price in force. */
export const createPricing = (
  backends: readonly InferenceBackend[],
  sessions: SessionStore,
  nowMs?: () => number,
): FetchHandler =>
  createPriceList({
    instances: () => backends,
    keys: sessions,
    ...(nowMs ? { nowMs } : {}),
    allow: (_key, operation) => checkAccess(`pricing:${operation}`, '*'),
  });

export const createPriceList =
  <Key extends KnownKey>(parts: PricingParts<Key>): FetchHandler =>
  async (request) =>
    withRequestId(await answer(request, parts).catch((error: unknown) => jsonErrorResponse(error)));

const answer = async <Key extends KnownKey>(request: Request, parts: PricingParts<Key>): Promise<Response> => {
  const target = request.headers.get('x-amz-target') ?? '';
  const operation = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  const run = Object.hasOwn(PRICING_OPERATIONS, operation) ? PRICING_OPERATIONS[operation] : undefined;
  if (request.method !== 'POST' || new URL(request.url).pathname !== '/' || !run) {
    throw frontEndError('UnknownOperationException', null, 404);
  }
  const body = await readBytes(request, BODY_LIMIT_BYTES);
  if (!body) throw frontEndError(null, `HTTP content length exceeded ${BODY_LIMIT_BYTES} bytes.`, 413);
  const regions = [...SIGNING_REGIONS, ...(parts.signingRegions ?? [])];
  const scope = { service: 'pricing', regions, ...(parts.nowMs ? { nowMs: parts.nowMs } : {}) };
  const key = await authenticate(request, body, scope, parts.keys);
  parts.allow(key, operation);
  if (request.headers.get('content-type') !== 'application/x-amz-json-1.1') {
    throw frontEndError('SerializationException', 'The content type must be application/x-amz-json-1.1.', 400);
  }
  return Response.json(run(parseJson(new TextDecoder().decode(body)), parts.instances()), {
    headers: { 'content-type': 'application/x-amz-json-1.1' },
  });
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw frontEndError('SerializationException', 'The request body is not JSON.', 400);
  }
};

const invalidParameter = (message: string) => new AwsError('InvalidParameterException', 400, { Message: message });

/** @throws {AwsError} `InvalidParameterException`; `NotFoundException` for a service without prices */
const check = <Schema extends z.ZodType<{ readonly ServiceCode?: string | undefined }>>(
  schema: Schema,
  json: unknown,
): z.output<Schema> => {
  const input = validate(schema, json, 'InvalidParameterException');
  if (input.ServiceCode === undefined || input.ServiceCode === SERVICE_CODE) return input;
  throw new AwsError('NotFoundException', 400, {
    Message: `The service '${input.ServiceCode}' has no products here; ${SERVICE_CODE} has.`,
  });
};

/** One page, and where the next begins. */
const pageOf = <Item>(
  items: readonly Item[],
  input: { readonly MaxResults: number; readonly NextToken?: string | undefined },
) => {
  const start = input.NextToken === undefined ? 0 : readToken(input.NextToken);
  const end = start + input.MaxResults;
  return { page: items.slice(start, end), rest: end < items.length ? { NextToken: `next-${end}` } : {} };
};

/** What products can be found by. */
const fieldsOf = ({ product }: PricedProduct): Readonly<Record<string, string>> => ({
  ...product.attributes,
  productFamily: product.productFamily,
  sku: product.sku,
  ServiceCode: SERVICE_CODE,
});

/** Attributes as DescribeServices has them: the fields but for those that are no product's own. */
const attributesOf = (product: PricedProduct): Readonly<Record<string, string>> => {
  const { sku, ServiceCode, ...attributes } = fieldsOf(product);
  return attributes;
};

const getProducts = (json: unknown, instances: readonly PricedInstance[]) => {
  const input = check(getProductsInput, json);
  const products = instances.map(describeProduct).filter((product) => input.Filters.every((filter) => matches(product, filter)));
  const { page, rest } = pageOf(products, input);
  // Each product is JSON in a string: so the API has it.
  return { FormatVersion: 'aws_v1', PriceList: page.map((product) => JSON.stringify(product)), ...rest };
};

const describeServices = (json: unknown, instances: readonly PricedInstance[]) => {
  const input = check(describeServicesInput, json);
  const AttributeNames = [...new Set(instances.map(describeProduct).flatMap((each) => Object.keys(attributesOf(each))))].sort();
  const { page, rest } = pageOf([{ ServiceCode: SERVICE_CODE, AttributeNames }], input);
  return { FormatVersion: 'aws_v1', Services: page, ...rest };
};

const getAttributeValues = (json: unknown, instances: readonly PricedInstance[]) => {
  const input = check(getAttributeValuesInput, json);
  const values = new Set(
    instances.map(describeProduct).flatMap((each) => {
      const attributes = attributesOf(each);
      return Object.hasOwn(attributes, input.AttributeName) ? (attributes[input.AttributeName] ?? []) : [];
    }),
  );
  if (values.size === 0)
    throw invalidParameter(`Input Parameters are invalid. [${SERVICE_CODE} has no attribute '${input.AttributeName}']`);
  const { page, rest } = pageOf([...values].sort(), input);
  return { AttributeValues: page.map((Value) => ({ Value })), ...rest };
};

/** The workload's role in the stack allows the first alone. */
export const PRICING_OPERATIONS: Readonly<Record<string, (json: unknown, instances: readonly PricedInstance[]) => object>> = {
  GetProducts: getProducts,
  DescribeServices: describeServices,
  GetAttributeValues: getAttributeValues,
};

const matches = (product: PricedProduct, { Type, Field, Value }: Filter): boolean => {
  const fields = fieldsOf(product);
  const actual = Object.hasOwn(fields, Field) ? fields[Field] : undefined;
  if (actual === undefined) throw invalidParameter(`Input Parameters are invalid. [Filters: products have no field '${Field}']`);
  return MATCHES[Type]?.(actual, Value) ?? false;
};

const readToken = (token: string): number => {
  const [, start] = /^next-([1-9]\d{0,8})$/.exec(token) ?? [];
  if (start === undefined) throw new AwsError('InvalidNextTokenException', 400, { Message: 'The pagination token is invalid.' });
  return Number(start);
};
