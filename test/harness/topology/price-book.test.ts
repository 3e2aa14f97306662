import { describe, expect, it } from 'vitest';
import { instancesOf, listPriceUsdPerHour, priceBook } from '../../../harness/topology/price-book.ts';
import { knownRegions } from '../../../harness/topology/round-trip.ts';

describe('the price book', () => {
  it('has positive prices, each with a source and its date', () => {
    for (const { instanceType, usdPerHour, source } of priceBook) {
      expect([instanceType, source]).toEqual([instanceType, expect.stringMatching(/\b20\d\d\b/)]);
      for (const price of Object.values(usdPerHour)) expect(price).toBeGreaterThan(0);
    }
  });

  it("has every provider's default in each region whose round trip is known", () => {
    for (const id of knownRegions) {
      const [provider, region] = id.split('/') as ['aws' | 'google' | 'azure', string];
      const [first] = instancesOf(provider);
      expect([id, listPriceUsdPerHour(provider, first!.instanceType, region)]).toEqual([id, expect.any(Number)]);
    }
  });

  it('says nothing of what it lacks', () => {
    expect(listPriceUsdPerHour('aws', 'ml.g4dn.xlarge', 'nowhere')).toBeUndefined();
    expect(listPriceUsdPerHour('aws', 'nothing', 'us-east-1')).toBeUndefined();
  });
});
