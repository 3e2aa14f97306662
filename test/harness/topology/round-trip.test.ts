import { describe, expect, it } from 'vitest';
import { type GatewayRegion, gatewayRegionNames, gatewayRegions } from '../../../harness/topology/regions.ts';
import { knownRegions, roundTripMs } from '../../../harness/topology/round-trip.ts';

/** Real paths are no straight lines: some detours are shorter in time, by a little. */
const DETOUR_ALLOWANCE = 1.25;

const between = (from: GatewayRegion, to: GatewayRegion): number => roundTripMs(from, gatewayRegions[to].measuredFrom)!;

describe('the table of round trips', () => {
  it('has a figure from every gateway region to every provider region', () => {
    for (const gateway of gatewayRegionNames) {
      for (const region of knownRegions) {
        expect([gateway, region, roundTripMs(gateway, region)]).toEqual([gateway, region, expect.any(Number)]);
        expect(roundTripMs(gateway, region)).toBeGreaterThan(0);
        expect(roundTripMs(gateway, region)).toBeLessThan(400);
      }
    }
  });

  it('is symmetric', () => {
    for (const a of gatewayRegionNames) for (const b of gatewayRegionNames) expect(between(a, b)).toBe(between(b, a));
  });

  it('has hardly a detour that is shorter than the direct way', () => {
    for (const from of gatewayRegionNames) {
      for (const via of gatewayRegionNames) {
        for (const region of knownRegions) {
          const detourMs = between(from, via) + roundTripMs(via, region)!;
          expect([from, via, region, roundTripMs(from, region)! <= detourMs * DETOUR_ALLOWANCE + 1]).toEqual([
            from,
            via,
            region,
            true,
          ]);
        }
      }
    }
  });

  it('says nothing of a region that it lacks', () => expect(roundTripMs('us-east', 'aws/nowhere')).toBeUndefined());
});
