import { describe, expect, it } from 'vitest';
import { gatewayRegionNames } from '../../../../harness/topology/regions.ts';
import { countryOfGateway, countryOfRegion } from '../../../../harness/topology/residency/countries.ts';
import { countriesOf } from '../../../../harness/topology/residency/jurisdictions.ts';
import { standingIn, transferMechanisms } from '../../../../harness/topology/residency/transfers.ts';
import { knownRegions, roundTripMs } from '../../../../harness/topology/round-trip.ts';

describe('where data may be', () => {
  it('is at home without more, elsewhere by a mechanism of its law, and else nowhere', () => {
    const eu = { within: 'EU', transfers: [] };
    expect(standingIn(eu, 'DE')).toBe('home');
    expect(standingIn(eu, 'NO')).toBe('home');
    expect(standingIn(eu, 'CH')).toBeNull();
    expect(standingIn({ ...eu, transfers: ['adequacy'] }, 'CH')).toBe('adequacy');
    expect(standingIn({ ...eu, transfers: ['adequacy'] }, 'US')).toBeNull();
    expect(standingIn({ ...eu, transfers: ['adequacy', 'data-privacy-framework'] }, 'US')).toBe('data-privacy-framework');
    expect(standingIn({ ...eu, transfers: ['standard-contractual-clauses'] }, 'IN')).toBe('standard-contractual-clauses');
  });

  it('is one country for data of a country, also of one in a union', () => {
    expect(standingIn({ within: 'DE', transfers: [] }, 'DE')).toBe('home');
    expect(standingIn({ within: 'DE', transfers: ['adequacy'] }, 'FR')).toBeNull();
    expect(standingIn({ within: 'DE', transfers: ['adequacy'] }, 'JP')).toBe('adequacy');
    expect(standingIn({ within: 'US', transfers: ['adequacy'] }, 'JP')).toBeNull();
  });

  it('is known of each region in the tables', () => {
    expect(knownRegions.filter((region) => countryOfRegion(region) === undefined)).toEqual([]);
    expect(gatewayRegionNames.filter((region) => countryOfGateway[region] === undefined)).toEqual([]);
    // A gateway stands where the provider's region stands that its round trips were measured from.
    for (const region of knownRegions)
      for (const gateway of gatewayRegionNames)
        if (roundTripMs(gateway, region) === 1) expect(countryOfRegion(region)).toBe(countryOfGateway[gateway]);
  });

  it('names countries by their codes, each once', () => {
    const lists = [countriesOf('EU')!, ...Object.values(transferMechanisms).flatMap(({ to }) => (to === 'any' ? [] : [to]))];
    for (const list of lists) {
      expect(list.filter((code) => !/^[A-Z]{2}$/.test(code))).toEqual([]);
      expect(new Set(list).size).toBe(list.length);
    }
    expect(countriesOf('EU')).toHaveLength(30);
    expect(countriesOf('Europe')).toBeUndefined();
    expect(countriesOf('constructor')).toBeUndefined();
  });
});
