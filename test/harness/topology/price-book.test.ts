import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  instanceOfClass,
  instancesOf,
  listPriceUsdPerHour,
  priceBook,
  retrievalMs,
  retrievalUsd,
  serverlessUsdPerS,
  spotShareOf,
  storageUsdPerHour,
} from '../../../harness/topology/price-book.ts';
import { priceLines } from '../../../harness/topology/price-list.ts';
import { knownRegions } from '../../../harness/topology/round-trip.ts';

const books = Object.values(priceBook);
const providers = books.map(({ provider }) => provider);
const tiers = ['hot', 'cool', 'cold', 'archive'] as const;

describe('the price book', () => {
  it('has a source with its year, or says that it is an estimate or from memory, for each line', () => {
    for (const { item, source } of priceLines()) {
      expect([item, source]).toEqual([item, expect.stringMatching(/\b20\d\d\b|estimate|from memory/)]);
    }
  });

  it('has positive prices by the hour', () => {
    for (const { instances } of books) {
      for (const { usdPerHour } of instances) {
        for (const price of Object.values(usdPerHour)) expect(price).toBeGreaterThan(0);
      }
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

  it('has an instance of each class at every provider, and spot below on demand', () => {
    for (const provider of providers) {
      expect(instanceOfClass(provider, 'cpu').instanceClass).toBe('cpu');
      expect(instanceOfClass(provider, 'gpu').instanceClass).toBe('gpu');
      for (const { instanceType, usdPerHour } of instancesOf(provider)) {
        for (const [region, price] of Object.entries(usdPerHour)) {
          expect(listPriceUsdPerHour(provider, instanceType, region, 'spot')).toBeLessThan(price);
        }
      }
    }
    expect(listPriceUsdPerHour('azure', 'Standard_NC4as_T4_v3', 'eastus', 'spot')).toBeCloseTo(0.06312);
    expect(spotShareOf('aws', 'a type of the user')).toBe(0.26);
  });

  it('prices a second of a serverless request by its vCPUs and memory', () => {
    expect(serverlessUsdPerS('aws')).toBeCloseTo(0.00004, 9);
    expect(serverlessUsdPerS('google')).toBeCloseTo(0.000029, 9);
  });

  it('keeps colder tiers cheaper to keep and dearer to read', () => {
    for (const provider of providers) {
      for (const [index, tier] of tiers.slice(1).entries()) {
        const warmer = tiers[index]!;
        expect(storageUsdPerHour(provider, tier, 1)).toBeLessThan(storageUsdPerHour(provider, warmer, 1));
        expect(priceBook[provider].storage.tiers[tier].minimumDays).toBeGreaterThanOrEqual(
          priceBook[provider].storage.tiers[warmer].minimumDays,
        );
        expect(retrievalUsd(provider, tier, 1)).toBeGreaterThan(retrievalUsd(provider, 'hot', 1));
      }
    }
  });

  it('knows which archives are offline, and how much sooner the hurried have an object', () => {
    expect(retrievalMs('google', 'archive')).toBeLessThan(1000);
    expect(retrievalMs('aws', 'archive')).toBe(5 * 3_600_000);
    expect(retrievalMs('aws', 'archive', 'expedited')).toBe(5 * 60_000);
    expect(retrievalMs('azure', 'archive')).toBe(15 * 3_600_000);
    expect(retrievalMs('azure', 'hot', 'expedited')).toBe(retrievalMs('azure', 'hot'));
  });

  it('charges storage in proportion to the gigabytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...providers),
        fc.constantFrom(...tiers),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (p, t, gb) => {
          expect(storageUsdPerHour(p, t, gb)).toBeCloseTo(gb * storageUsdPerHour(p, t, 1), 9);
        },
      ),
    );
  });
});
