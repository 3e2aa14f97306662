import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RetailPrice } from '../../../mocks/azure/price-catalog.ts';
import { createRetailPrices } from '../../../mocks/azure/retail-prices.ts';
import { createAzure, EAST, WEST_EUROPE } from '../../support/azure.ts';

interface Page {
  readonly Items: readonly RetailPrice[];
  readonly NextPageLink: string | null;
  readonly Count: number;
}

const toUrl = (query: Readonly<Record<string, string>>) =>
  `http://prices/api/retail/prices?${new URLSearchParams(query).toString()}`;

const given = async () => {
  const created = await createAzure();
  const ask = (query: Readonly<Record<string, string>>) => created.handler('retail-prices')(new Request(toUrl(query)));
  const read = async (filter: string, query = {}) => (await (await ask({ $filter: filter, ...query })).json()) as Page;
  const regionsOf = async (filter: string, query = {}) =>
    (await read(filter, query)).Items.map(({ armRegionName }) => armRegionName);
  return { ...created, ask, read, regionsOf };
};

const EAST_FILTER = `armRegionName eq '${EAST}' and armSkuName eq 'Standard_DS3_v2'`;

describe('the price list', () => {
  test('answers in the shape of the public one, without a credential', async () => {
    const { read } = await given();
    expect(await read(`${EAST_FILTER} and priceType eq 'Consumption'`)).toEqual({
      BillingCurrency: 'USD',
      CustomerEntityId: 'Default',
      CustomerEntityType: 'Retail',
      Items: [
        {
          currencyCode: 'USD',
          tierMinimumUnits: 0,
          retailPrice: 0.293,
          unitPrice: 0.293,
          armRegionName: 'eastus',
          location: 'US East',
          effectiveStartDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00Z$/),
          meterId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          meterName: 'DS3 v2',
          productId: expect.any(String),
          skuId: expect.any(String),
          productName: 'Virtual Machines DSv2 Series',
          skuName: 'DS3 v2',
          serviceName: 'Virtual Machines',
          serviceId: 'DZH313Z7MMC8',
          serviceFamily: 'Compute',
          unitOfMeasure: '1 Hour',
          type: 'Consumption',
          isPrimaryMeterRegion: true,
          armSkuName: 'Standard_DS3_v2',
        },
      ],
      NextPageLink: null,
      Count: 1,
    });
  });

  test('gives the price in force: multiplied in the regions that a command names, and restored', async () => {
    const { emulator, read } = await given();
    const priceOf = async (region: string) => (await read(`armRegionName eq '${region}'`)).Items[0]?.retailPrice;
    await emulator.control({ type: 'set-price-multiplier', region: EAST, service: 'ml-online-endpoint', multiplier: 4 });
    expect(await priceOf(EAST)).toBeCloseTo(1.172);
    expect(await priceOf(WEST_EUROPE)).toBe(0.351);
    await emulator.control({ type: 'set-price-multiplier', region: '*', service: '*', multiplier: 1 });
    expect(await priceOf(EAST)).toBe(0.293);
  });

  test('shows a price to six decimals, without what binary fractions add', async () => {
    const { emulator, read } = await given();
    const usdPerHour = async () => {
      const [row] = (await read(EAST_FILTER)).Items;
      return [row?.retailPrice, row?.unitPrice];
    };
    const multiply = (multiplier: number) =>
      emulator.control({ type: 'set-price-multiplier', region: EAST, service: 'ml-online-endpoint', multiplier });
    // 0.293 * 1.1 is 0.32230000000000003.
    await multiply(1.1);
    expect(await usdPerHour()).toEqual([0.3223, 0.3223]);
    await multiply(1 / 3);
    expect(await usdPerHour()).toEqual([0.097667, 0.097667]);
  });

  test.each<[string, readonly string[]]>([
    ['', [EAST, WEST_EUROPE]],
    [`armRegionName eq 'EastUS'`, [EAST]],
    [`armRegionName ne 'eastus'`, [WEST_EUROPE]],
    [`armRegionName eq 'eastus' or armRegionName eq 'westeurope'`, [EAST, WEST_EUROPE]],
    [`armRegionName eq 'eastus' or armRegionName eq 'westeurope' and retailPrice gt 0.4`, [EAST]],
    [`(armRegionName eq 'eastus' or armRegionName eq 'westeurope') and retailPrice gt 0.3`, [WEST_EUROPE]],
    [`contains(productName,'DSv2') and startswith(armRegionName, 'west')`, [WEST_EUROPE]],
    [`isPrimaryMeterRegion eq false`, []],
    [`armRegionName eq 'it''s'`, []],
  ])('%s', async (filter, regions) => {
    const { regionsOf } = await given();
    expect(await regionsOf(filter)).toEqual(regions);
  });

  test('tells upper from lower case since 2023-01-01-preview', async () => {
    const { regionsOf } = await given();
    expect(await regionsOf(`armRegionName eq 'EastUS'`, { 'api-version': '2023-01-01-preview' })).toEqual([]);
    expect(await regionsOf(`armRegionName eq 'eastus'`, { 'api-version': '2023-01-01-preview' })).toEqual([EAST]);
  });

  test.each([
    ['a field that it has not', `region eq 'eastus'`],
    ['a field that only objects have', `constructor eq 'eastus'`],
    ['a wrong field on the far side of an or', `armRegionName eq 'eastus' or nothing eq 1`],
    ['a value of another type', `armRegionName eq 7`],
    ['no quotes', 'armRegionName eq eastus'],
    ['a list', `armRegionName in ('eastus')`],
    ['a negation', `not contains(productName, 'Windows')`],
    ['an open bracket', `(armRegionName eq 'eastus'`],
    ['an open quote', `armRegionName eq 'eastus`],
    ['two comparisons without a word between', `armRegionName eq 'eastus' armRegionName eq 'eastus'`],
    ['more than twenty comparisons', Array.from({ length: 21 }, () => `type eq 'A'`).join(' or ')],
  ])('refuses %s', async (_what, filter) => {
    const { ask } = await given();
    const response = await ask({ $filter: filter });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ Error: { Code: 'BadRequest', Message: 'Invalid OData parameters supplied' } });
  });

  test('refuses a currency that it has no prices in, a count that is none, and a URL that is too long', async () => {
    const { ask } = await given();
    expect((await ask({ currencyCode: `'EUR'` })).status).toBe(400);
    expect((await ask({ currencyCode: `'USD'` })).status).toBe(200);
    expect((await ask({ $top: '-1' })).status).toBe(400);
    expect((await ask({ $filter: `type eq '${'x'.repeat(2048)}'` })).status).toBe(404);
  });

  test('has one path', async () => {
    const { handler } = await given();
    expect((await handler('retail-prices')(new Request('http://prices/'))).status).toBe(404);
  });
});

test('following NextPageLink finds every row once, whatever the page size', async () => {
  const { read } = await given();
  const [row] = (await read('')).Items as [RetailPrice];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 40 }), async (rows, top) => {
      const all = Array.from({ length: rows }, (_, at) => ({ ...row, meterId: `${at}` }));
      const handler = createRetailPrices(() => all);
      const found: string[] = [];
      let next: string | null = toUrl({ $top: `${top}`, $filter: `type eq 'Consumption'` });
      for (let pages = 0; next !== null && pages <= rows; pages += 1) {
        const page: Page = await (await handler(new Request(next))).json();
        expect(page.Count).toBe(page.Items.length);
        found.push(...page.Items.map(({ meterId }) => meterId));
        next = page.NextPageLink;
      }
      expect(found).toEqual(all.map(({ meterId }) => meterId));
    }),
  );
});
