import { Hono } from 'hono';
import type { FetchHandler } from '../emulator.ts';
import type { RetailPrice } from './price-catalog.ts';
import { BadFilter, parsePriceFilter } from './price-filter.ts';
import { matchesFilter } from './price-match.ts';

/** Rows on a page, as users of the service have counted them. */
const PAGE_SIZE = 1000;

/** A longer URL is answered 404. Source: measurements of the public service by its users; October 2026. */
const URL_LIMIT_CHARACTERS = 2048;

/** From this version on, strings in a filter are case-sensitive. Source: "Azure Retail Prices overview" (REST API reference); read November 2026. */
const CASE_SENSITIVE_SINCE = '2023-01-01-preview';

const badRequest = (message: string): Response =>
  Response.json({ Error: { Code: 'BadRequest', Message: message } }, { status: 400 });

/** A count in the query; undefined where it has none. */
const readCount = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new BadFilter(`${text} is not a count`);
  return Number(text);
};

const select = (prices: readonly RetailPrice[], filter: string | undefined, apiVersion: string): readonly RetailPrice[] => {
  if (!filter?.trim()) return prices;
  const parsed = parsePriceFilter(filter);
  return prices.filter((price) => matchesFilter({ ...price }, parsed, apiVersion >= CASE_SENSITIVE_SINCE));
};

const nextPageLink = (url: URL, skip: number): string => {
  const next = new URL(url);
  next.searchParams.set('$skip', `${skip}`);
  return next.href;
};

/**
 * The Azure Retail Prices API: public, without authentication. In US dollars only.
 * @param catalog gives the prices in force
 */
export const createRetailPrices = (catalog: () => readonly RetailPrice[]): FetchHandler => {
  const router = new Hono();

  router.get('/api/retail/prices', (c) => {
    const url = new URL(c.req.url);
    if (url.href.length > URL_LIMIT_CHARACTERS) return c.notFound();
    const currency = (c.req.query('currencyCode') ?? 'USD').replaceAll("'", '');
    if (currency !== 'USD') return badRequest(`Prices are in USD here, not in ${currency}.`);
    try {
      const matching = select(catalog(), c.req.query('$filter'), c.req.query('api-version') ?? '');
      const skip = readCount(c.req.query('$skip')) ?? 0;
      const size = Math.min(readCount(c.req.query('$top')) ?? PAGE_SIZE, PAGE_SIZE);
      const Items = matching.slice(skip, skip + size);
      const hasMore = size > 0 && skip + size < matching.length;
      return c.json({
        BillingCurrency: 'USD',
        CustomerEntityId: 'Default',
        CustomerEntityType: 'Retail',
        Items,
        NextPageLink: hasMore ? nextPageLink(url, skip + size) : null,
        Count: Items.length,
      });
    } catch (error) {
      if (error instanceof BadFilter) return badRequest('Invalid OData parameters supplied');
      throw error;
    }
  });

  return async (request) => router.fetch(request);
};
