import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { toMoney } from '../../../mocks/google/money.ts';
import { createGoogle, REGIONS, signAssertion, takeToken } from '../../support/google.ts';

interface Sku {
  readonly skuId: string;
  readonly description: string;
  readonly serviceRegions: readonly string[];
  readonly pricingInfo: readonly {
    readonly pricingExpression: {
      readonly usageUnit: string;
      readonly tieredRates: readonly { readonly unitPrice: { currencyCode: string; units: string; nanos: number } }[];
    };
  }[];
}

let google: Awaited<ReturnType<typeof createGoogle>>;
let token: string;

const get = (path: string, bearer = token) =>
  google.handler('cloudbilling')(
    new Request(`https://cloudbilling.googleapis.com${path}`, { headers: { authorization: `Bearer ${bearer}` } }),
  );

const listSkus = async (query = '') => {
  const response = await get(`/v1/services/C7E2-9256-1C43/skus${query}`);
  return (await response.json()) as { skus: readonly Sku[]; nextPageToken: string };
};

const priceOf = ({ pricingInfo }: Sku): number => {
  const { units, nanos } = pricingInfo[0]!.pricingExpression.tieredRates[0]!.unitPrice;
  return Number(units) + nanos / 1e9;
};

beforeEach(async () => {
  google = await createGoogle();
  token = await takeToken(google);
});

describe('given the catalog', () => {
  it('when services are listed, then Vertex AI is there', async () => {
    expect(await (await get('/v1/services')).json()).toMatchObject({
      services: [{ serviceId: 'C7E2-9256-1C43', displayName: 'Vertex AI' }],
      nextPageToken: '',
    });
  });

  it.each([
    ['cloudbilling', 200],
    ['us-central1-cloudbilling', 401],
    ['evil-cloudbilling', 401],
  ])('when a token is self-signed for %s, which has no regional hosts, then it is answered with %i', async (name, status) => {
    const aud = `https://${name}.googleapis.com/`;
    const claims = { sub: google.credential.clientEmail, aud, scope: undefined };
    expect((await get('/v1/services', await signAssertion(google.credential, { claims }))).status).toBe(status);
  });

  it('when its SKUs are listed, then each region has its instance at its list price an hour', async () => {
    const { skus, nextPageToken } = await listSkus();
    expect(nextPageToken).toBe('');
    expect(skus.map((sku) => [sku.serviceRegions, priceOf(sku)])).toEqual([
      [['us-central1'], 0.8535],
      [['europe-west4'], 0.9396],
    ]);
    for (const [index, sku] of skus.entries()) {
      expect(sku.skuId).toMatch(/^[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$/);
      expect(sku.description).toContain(REGIONS[index]?.instanceType);
      expect(sku.pricingInfo[0]?.pricingExpression.usageUnit).toBe('h');
    }
  });

  it('when a price is multiplied, then the price in force is shown for that region alone', async () => {
    await google.emulator.control({ type: 'set-price-multiplier', region: 'us-central1', service: 'aiplatform', multiplier: 10 });
    expect((await listSkus()).skus.map(priceOf)).toEqual([8.535, 0.9396]);
    await google.emulator.control({ type: 'set-price-multiplier', region: '*', service: '*', multiplier: 1 });
    expect((await listSkus()).skus.map(priceOf)).toEqual([0.8535, 0.9396]);
  });

  it('when it is read page by page, then every SKU comes once', async () => {
    const first = await listSkus('?pageSize=1');
    const second = await listSkus(`?pageSize=1&pageToken=${first.nextPageToken}`);
    expect(first.nextPageToken).not.toBe('');
    expect(second.nextPageToken).toBe('');
    expect([...first.skus, ...second.skus].flatMap((sku) => sku.serviceRegions)).toEqual(['us-central1', 'europe-west4']);
  });

  it.each(['?pageToken=nonsense', '?pageSize=-1', '?pageSize=x', '?currencyCode=EUR'])(
    'when asked %s, then 400',
    async (query) => {
      const response = await get(`/v1/services/C7E2-9256-1C43/skus${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { status: 'INVALID_ARGUMENT' } });
    },
  );

  it('when another service is asked for, then 404', async () => {
    expect((await get('/v1/services/6F81-5844-456A/skus')).status).toBe(404);
  });

  it('when there is no token, or one of another scope, then it is refused', async () => {
    expect((await get('/v1/services', '')).status).toBe(401);
    expect((await get('/v1/services', await takeToken(google, 'https://www.googleapis.com/auth/pubsub'))).status).toBe(403);
    expect(
      (await get('/v1/services', await takeToken(google, 'https://www.googleapis.com/auth/cloud-billing.readonly'))).status,
    ).toBe(200);
  });
});

describe('given a price in dollars', () => {
  it('when it is told as units and nanos, then it comes back to a billionth, and nanos stay in range', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1_000_000, noNaN: true }), (usd) => {
        const { units, nanos } = toMoney(usd);
        expect(units).toMatch(/^\d+$/);
        expect(Number.isInteger(nanos) && nanos >= 0 && nanos < 1_000_000_000).toBe(true);
        expect(Math.abs(Number(units) + nanos / 1e9 - usd)).toBeLessThan(1e-9);
      }),
    );
  });

  it('when it has at most nine decimals, then it comes back exactly', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(999_999_999), (units, nanos) => {
        expect(toMoney(Number(`${units}.${String(nanos).padStart(9, '0')}`))).toEqual({
          currencyCode: 'USD',
          units: String(units),
          nanos,
        });
      }),
    );
  });
});
