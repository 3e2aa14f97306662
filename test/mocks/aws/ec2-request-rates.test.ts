import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EC2_QUOTA, rateKindOf } from '../../../mocks/aws/ec2/request-rates.ts';
import { ec2 } from '../../../mocks/aws/services/ec2.ts';
import { createRequestRates } from '../../../mocks/cloud/request-rates.ts';

const EAST = 'us-east-1';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How many of many calls at once EC2 takes, and how many a second later. */
const taken = (operation: string, input: Readonly<Record<string, unknown>> = {}) => {
  const rates = createRequestRates([ec2.spec]);
  const call = () =>
    Array.from({ length: 500 }, () => rates.admits('ec2', EAST, rateKindOf(operation, input))).filter(Boolean).length;
  const first = call();
  vi.advanceTimersByTime(1000);
  return [first, call()];
};

describe('EC2’s request rates', () => {
  test.each([
    ['RunInstances', {}, 5, 2],
    ['StartInstances', {}, 5, 2],
    ['StopInstances', {}, 50, 5],
    ['TerminateInstances', {}, 100, 5],
    ['CreateTags', {}, 100, 10],
    ['DescribeSpotPriceHistory', {}, 100, 20],
    ['DescribeInstances', {}, 50, 10],
    ['DescribeInstances', { Filter: [] }, 100, 20],
    ['DescribeInstances', { MaxResults: '5' }, 100, 20],
  ])('%s with %j: %i at once, then %i a second', (operation, input, atOnce, aSecond) => {
    expect(taken(operation, input)).toEqual([atOnce, aSecond]);
  });

  test('are of each operation that is emulated', () => {
    expect(Object.keys(EC2_QUOTA.apart ?? {})).toEqual(expect.arrayContaining(ec2.spec.operations.map(({ name }) => name)));
  });
});
