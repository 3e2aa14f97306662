import { describe, expect, it } from 'vitest';
import { callUsd, standingUsdPerHour, type Tariff } from '../../../harness/serving/unit-price.ts';
import type { EndpointBilling } from '../../../mocks/emulator.ts';

const billing: EndpointBilling = {
  mode: 'by-use',
  instances: 2,
  requestUsdPerS: 0.00002,
  usdPerRequest: 0,
  egressUsdPerGb: 0,
  storageUsdPerHour: 0,
};

const tariff = (changes: Partial<EndpointBilling>): Tariff => ({
  serviceTimeMs: 50,
  concurrency: 8,
  listUsdPerHour: 0.72,
  billing: { ...billing, ...changes },
});

describe('what a call costs', () => {
  it('given a link that says nothing, is its share of the instance for the time that it is held', () => {
    // 72,000 calls an hour on each of four slots.
    expect(callUsd(0.72, { serviceTimeMs: 50, concurrency: 4 }) * 1000).toBeCloseTo(0.72 / 288, 12);
  });

  it('given billing by use, shares all instances among all slots', () => {
    expect(callUsd(0.72, tariff({}))).toBeCloseTo((0.72 * 2 * 50) / 3_600_000 / 8, 15);
  });

  it('given provisioned instances, is no compute: they are paid for already', () => {
    expect(callUsd(0.72, tariff({ mode: 'provisioned' }))).toBe(0);
    expect(callUsd(100, tariff({ mode: 'provisioned', egressUsdPerGb: 0.1 }))).toBeCloseTo(650e-9 * 0.1, 15);
  });

  it('given a serverless product, is its seconds, in step with the price of instances, and its fee', () => {
    expect(callUsd(0.72, tariff({ mode: 'serverless', usdPerRequest: 4e-7 }))).toBeCloseTo(0.05 * 0.00002 + 4e-7, 15);
    expect(callUsd(1.44, tariff({ mode: 'serverless' }))).toBeCloseTo(0.05 * 0.00004, 15);
  });
});

describe('what a link costs an hour without calls', () => {
  it('given serverless, is the environments that are kept warm, a quarter of what they cost at work', () => {
    expect(standingUsdPerHour(0.72, tariff({ mode: 'serverless', instances: 2 }))).toBeCloseTo(2 * 0.25 * 0.00002 * 3600, 12);
  });

  it('is its provisioned instances and its store', () => {
    expect(standingUsdPerHour(0.72, tariff({ mode: 'provisioned', storageUsdPerHour: 0.01 }))).toBeCloseTo(1.45, 12);
    expect(standingUsdPerHour(0.72, tariff({ storageUsdPerHour: 0.01 }))).toBeCloseTo(0.01, 12);
    expect(standingUsdPerHour(0.72, tariff({ mode: 'serverless', instances: 0 }))).toBe(0);
  });
});
