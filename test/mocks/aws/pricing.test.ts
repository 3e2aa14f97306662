import { describe, expect, test } from 'vitest';
import { createAws, EAST, HOST, sign, type ToSign, toRequest, WEST } from '../../support/aws.ts';

interface Product {
  readonly product: {
    readonly attributes: Readonly<Record<string, string>>;
    readonly sku: string;
    readonly productFamily: string;
  };
  readonly terms: {
    readonly OnDemand: Readonly<
      Record<
        string,
        {
          readonly priceDimensions: Readonly<
            Record<string, { readonly unit: string; readonly pricePerUnit: { readonly USD: string } }>
          >;
        }
      >
    >;
  };
}

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: {
    readonly PriceList?: readonly string[];
    readonly NextToken?: string;
    readonly __type?: string;
    readonly Message?: string;
    readonly message?: string;
  };
}

const JSON_1_1 = 'application/x-amz-json-1.1';
const SERVICE = { ServiceCode: 'AmazonSageMaker' };
const filter = (Field: string, Value: string, Type = 'TERM_MATCH') => ({ Type, Field, Value });

const given = async () => {
  const { emulator, credential, handler } = await createAws();
  const call = async (input: unknown, { headers, ...toSign }: ToSign = {}): Promise<Answer> => {
    const signed = await sign(credential, {
      path: '/',
      service: 'pricing',
      body: typeof input === 'string' ? input : JSON.stringify(input),
      headers: { 'content-type': JSON_1_1, 'x-amz-target': 'AWSPriceListService.GetProducts', ...headers },
      ...toSign,
    });
    const response = await handler('pricing')(toRequest(signed));
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: (await response.json()) as Answer['body'],
    };
  };
  const products = async (input: object): Promise<readonly Product[]> =>
    ((await call({ ...SERVICE, ...input })).body.PriceList ?? []).map((text) => JSON.parse(text) as Product);
  const priceOf = async (region: string): Promise<number> => {
    const [found] = await products({ Filters: [filter('instanceType', 'ml.g5.xlarge'), filter('regionCode', region)] });
    const [term] = Object.values(found?.terms.OnDemand ?? {});
    return Number(Object.values(term?.priceDimensions ?? {})[0]?.pricePerUnit.USD);
  };
  const regions = async (...filters: readonly object[]) =>
    (await products({ Filters: filters })).map(({ product }) => product.attributes.regionCode);
  return { emulator, credential, handler, call, products, priceOf, regions };
};

describe('GetProducts', () => {
  test('finds a hosting instance in the price list’s own shape', async () => {
    const { products } = await given();
    const [found, ...others] = await products({ Filters: [filter('instanceType', 'ml.g5.xlarge'), filter('regionCode', EAST)] });
    expect(others).toEqual([]);
    const sku = found?.product.sku ?? '';
    expect(sku).toMatch(/^[0-9A-Z]{16}$/);
    expect(found).toMatchObject({
      serviceCode: 'AmazonSageMaker',
      product: {
        productFamily: 'ML Instance',
        attributes: { component: 'Hosting', location: 'US East (N. Virginia)', usagetype: 'USE1-Host:ml.g5.xlarge' },
      },
      terms: {
        OnDemand: {
          [`${sku}.JRTCKXETXF`]: {
            offerTermCode: 'JRTCKXETXF',
            priceDimensions: {
              [`${sku}.JRTCKXETXF.6YS6EN2CT7`]: { unit: 'Hrs', pricePerUnit: { USD: '1.4080000000' } },
            },
          },
        },
      },
    });
  });

  test('gives the price in force: the list price times the multiplier, where it was set', async () => {
    const { emulator, priceOf } = await given();
    expect([await priceOf(EAST), await priceOf(WEST)]).toEqual([1.408, 1.5708]);
    await emulator.control({ type: 'set-price-multiplier', region: EAST, service: '*', multiplier: 2.5 });
    expect([await priceOf(EAST), await priceOf(WEST)]).toEqual([3.52, 1.5708]);
    await emulator.control({ type: 'set-price-multiplier', region: '*', service: 'sagemaker-runtime', multiplier: 1 });
    expect([await priceOf(EAST), await priceOf(WEST)]).toEqual([1.408, 1.5708]);
  });

  test.each([
    ['EQUALS', EAST, [EAST]],
    ['CONTAINS', '-west-', [WEST]],
    ['ANY_OF', `${WEST}, ap-south-1`, [WEST]],
    ['NONE_OF', `${WEST},ap-south-1`, [EAST]],
    ['TERM_MATCH', 'us-east', []],
  ])('filters by %s', async (type, value, expected) => {
    const { regions } = await given();
    expect(await regions(filter('regionCode', value, type))).toEqual(expected);
  });

  test('goes page by page when asked to', async () => {
    const { call } = await given();
    const first = await call({ ...SERVICE, MaxResults: 1 });
    const second = await call({ ...SERVICE, MaxResults: 1, NextToken: first.body.NextToken });
    const regions = [first, second].map(
      ({ body }) => (JSON.parse(body.PriceList?.[0] ?? '') as Product).product.attributes.regionCode,
    );
    expect(regions).toEqual([EAST, WEST]);
    expect(second.body.NextToken).toBeUndefined();
  });
});

describe('what the price list refuses, in protocol JSON 1.1', () => {
  test('says what is wrong as AWS says it, and not as a library does', async () => {
    const { call } = await given();
    expect((await call({})).body.message).toBe(
      "1 validation error detected: Value null at 'serviceCode' failed to satisfy constraint: Member must not be null",
    );
    const { body } = await call({ ...SERVICE, MaxResults: 101, Filters: [filter('regionCode', EAST, 'LIKE')] });
    expect(body.message).toBe(
      "2 validation errors detected: Value 'LIKE' at 'filters.1.member.type' failed to satisfy constraint: Member must satisfy " +
        "enum value set: [TERM_MATCH, EQUALS, CONTAINS, ANY_OF, NONE_OF]; Value '101' at 'maxResults' failed to satisfy " +
        'constraint: Member must have value less than or equal to 100',
    );
  });

  test.each([
    ['another service', { ServiceCode: 'AmazonEC2' }, 'NotFoundException'],
    ['no service', {}, 'InvalidParameterException'],
    ['a field that no product has', { ...SERVICE, Filters: [filter('colour', 'red')] }, 'InvalidParameterException'],
    ['a filter type that is none', { ...SERVICE, Filters: [filter('regionCode', EAST, 'LIKE')] }, 'InvalidParameterException'],
    ['a page of 101', { ...SERVICE, MaxResults: 101 }, 'InvalidParameterException'],
    ['a token of its own making', { ...SERVICE, NextToken: 'next-0' }, 'InvalidNextTokenException'],
    ['a body that is not JSON', '{', 'SerializationException'],
  ])('%s', async (_, input, type) => {
    const { call } = await given();
    expect(await call(input)).toMatchObject({ status: 400, type: JSON_1_1, body: { __type: type } });
  });

  test.each([
    ['another content type', { headers: { 'content-type': 'application/json' } }, 'SerializationException'],
    [
      'an operation that the role does not allow',
      { headers: { 'x-amz-target': 'AWSPriceListService.DescribeServices' } },
      'AccessDeniedException',
    ],
    [
      'another that it does not allow',
      { headers: { 'x-amz-target': 'AWSPriceListService.GetAttributeValues' } },
      'AccessDeniedException',
    ],
    [
      'an operation that is none',
      { headers: { 'x-amz-target': 'AWSPriceListService.GetEverything' } },
      'UnknownOperationException',
    ],
    ['a signature for SageMaker', { service: 'sagemaker' }, 'InvalidSignatureException'],
    ['a region that the service is not in', { region: 'us-west-2' }, 'InvalidSignatureException'],
    ['another path', { path: '/products' }, 'UnknownOperationException'],
  ] as const)('%s', async (_, toSign, type) => {
    const { call } = await given();
    expect(await call(SERVICE, toSign)).toMatchObject({ status: 400, body: { __type: type } });
  });

  test('a caller who does not sign', async () => {
    const { handler } = await given();
    const request = new Request(`http://${HOST}/`, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSPriceListService.GetProducts', 'content-type': JSON_1_1 },
      body: JSON.stringify(SERVICE),
    });
    const response = await handler('pricing')(request);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});
