import { z } from 'zod';
import type { Call } from '../serve.ts';
import { ec2Error, formInteger, validateEc2 } from '../wire/validation.ts';
import type { XmlValue } from '../wire/xml.ts';
import { applyFilters, filtersSchema } from './filters.ts';
import { INSTANCE_TYPES } from './instance-types.ts';
import { pageOf } from './pages.ts';
import type { Ec2Region } from './region.ts';
import { spotPricesBetween } from './spot-prices.ts';

/** History goes back so far (`StartTime` of DescribeSpotPriceHistory in the service model of EC2, read November 2026). */
const HISTORY_MS = 90 * 86_400_000;

const PRODUCT = 'Linux/UNIX';
/** The same product under the names that it had; the first is what new accounts see. */
const PRODUCTS: readonly string[] = [PRODUCT, 'Linux/UNIX (Amazon VPC)'];

const time = z.iso.datetime({ offset: true, message: 'Invalid date format' }).transform((text) => Date.parse(text));

const schema = z.strictObject({
  StartTime: time.optional(),
  EndTime: time.optional(),
  InstanceType: z.array(z.string()).max(100).default([]),
  ProductDescription: z.array(z.string()).default([]),
  Filter: filtersSchema,
  AvailabilityZone: z.string().optional(),
  AvailabilityZoneId: z.string().optional(),
  MaxResults: formInteger.pipe(z.int().min(1).max(1000)).default(1000),
  NextToken: z.string().optional(),
});

/** Each market's prices between two times, newest first, with the price in force at the earlier one. Without times: the prices in force. */
export const describeSpotPriceHistory = (
  region: Ec2Region,
  input: unknown,
  { region: name, account }: Call,
): { readonly [member: string]: XmlValue } => {
  const asked = validateEc2(schema, input);
  const unknown = asked.InstanceType.find((type) => !INSTANCE_TYPES.has(type));
  if (unknown !== undefined) throw ec2Error('InvalidParameterValue', `Invalid value '${unknown}' for InstanceType.`);
  if (asked.AvailabilityZone !== undefined && !region.zones.includes(asked.AvailabilityZone)) {
    throw ec2Error('InvalidParameterValue', `Invalid availability zone: [${asked.AvailabilityZone}]`);
  }
  const nowMs = Date.now();
  const toMs = Math.min(asked.EndTime ?? nowMs, nowMs);
  const fromMs = Math.max(asked.StartTime ?? toMs, nowMs - HISTORY_MS);
  const types = asked.InstanceType.length > 0 ? asked.InstanceType : [...INSTANCE_TYPES.keys()];
  const zones = asked.AvailabilityZone === undefined ? region.zones : [asked.AvailabilityZone];
  const hasProduct = asked.ProductDescription.length === 0 || asked.ProductDescription.some((each) => PRODUCTS.includes(each));
  const multiplier = account.priceMultiplier('ec2', name);

  const rows = types.flatMap((typeName) => {
    const type = INSTANCE_TYPES.get(typeName);
    if (!type || !hasProduct || fromMs > toMs) return [];
    return zones.flatMap((availabilityZone) =>
      spotPricesBetween(type, name, availabilityZone, fromMs, toMs).map(({ atMs, usd }, index) => ({
        instanceType: type.name,
        productDescription: PRODUCT,
        // A multiplier is of the present: what was paid before stays.
        spotPrice: (index === 0 && toMs === nowMs ? usd * multiplier : usd).toFixed(6),
        timestamp: new Date(atMs),
        availabilityZone,
      })),
    );
  });
  const matching = applyFilters(rows, asked.Filter, {
    'availability-zone': (row) => [row.availabilityZone],
    'instance-type': (row) => [row.instanceType],
    'product-description': (row) => [row.productDescription],
    'spot-price': (row) => [row.spotPrice],
    timestamp: (row) => [row.timestamp.toISOString()],
  });
  const newestFirst = matching.toSorted((a, b) => b.timestamp.getTime() - a.timestamp.getTime());
  const { items, nextToken } = pageOf(newestFirst, 'spot-prices', asked.MaxResults, asked.NextToken);
  return { spotPriceHistorySet: items, nextToken: nextToken ?? '' };
};
