import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRequestRates, type RequestRates } from '../../../mocks/cloud/request-rates.ts';
import type { RequestQuota, ServiceSpec } from '../../../mocks/cloud/service.ts';
import { createBellCloud } from '../../support/bell-cloud.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const EAST = 'us-east-1';
const WEST = 'us-west-1';

const given = (quota: Omit<RequestQuota, 'source'>): RequestRates =>
  createRequestRates(
    createBellCloud().definition.services.map(({ spec }): ServiceSpec => ({ ...spec, quota: { ...quota, source: 'this file' } })),
  );

/** How many of the requests that come at once are taken in. */
const admitted = (rates: RequestRates, count: number, kind?: string, region = EAST): number =>
  Array.from({ length: count }, () => rates.admits('bell', region, kind)).filter(Boolean).length;

describe('the rate of an endpoint', () => {
  test('takes a burst at once, and after it no more than the rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 300 }), (requestsPerS, burst) => {
        const rates = given({ requestsPerS, burst });
        expect(admitted(rates, burst + 5)).toBe(burst);
        vi.advanceTimersByTime(1000);
        expect(admitted(rates, burst + requestsPerS)).toBe(Math.min(burst, requestsPerS));
      }),
    );
  });

  test('takes one second’s worth at once where nothing else is said, and anything without a limit', () => {
    expect(admitted(given({ requestsPerS: 7 }), 20)).toBe(7);
    expect(admitted(given({ requestsPerS: null }), 1000)).toBe(1000);
  });

  test('is each region’s own', () => {
    const rates = given({ requestsPerS: 3 });
    expect(admitted(rates, 5)).toBe(3);
    expect(admitted(rates, 5, undefined, WEST)).toBe(3);
  });

  test('counts a kind that is set apart by itself, and all other kinds together', () => {
    const rates = given({ requestsPerS: 3, apart: { write: { requestsPerS: 2, burst: 4 } } });
    expect(admitted(rates, 10, 'write')).toBe(4);
    expect(admitted(rates, 2, 'read')).toBe(2);
    expect(admitted(rates, 10)).toBe(1);
    expect(admitted(rates, 10, 'toString')).toBe(0);
  });

  test('is one for all kinds once it is set by hand, and the quota’s own when that is lifted', () => {
    const rates = given({ requestsPerS: 3, apart: { write: { requestsPerS: 2 } } });
    rates.set('bell', EAST, 5);
    expect(admitted(rates, 4, 'write')).toBe(4);
    expect(admitted(rates, 10, 'read')).toBe(1);
    rates.set('bell', EAST, null);
    expect(admitted(rates, 10, 'write')).toBe(2);
    expect(admitted(rates, 10, 'read')).toBe(3);
  });
});
