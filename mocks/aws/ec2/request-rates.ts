import type { RequestQuota, RequestRate } from '../../cloud/service.ts';

const DESCRIBE: RequestRate = { requestsPerS: 20, burst: 100 };
const DESCRIBE_ALL: RequestRate = { requestsPerS: 10, burst: 50 };
const MUTATE: RequestRate = { requestsPerS: 5, burst: 50 };

/** Operations that have a smaller bucket for calls without a filter and without pages. */
const UNFILTERED = ['DescribeInstances', 'DescribeInstanceStatus', 'DescribeSpotInstanceRequests'] as const;

const unfiltered = (operation: string): string => `${operation} of all`;

/** What a call is counted as. Whether EC2 takes a list of ids for a filter is not written; here it does not. */
export const rateKindOf = (operation: string, input: Readonly<Record<string, unknown>>): string =>
  (UNFILTERED as readonly string[]).includes(operation) && input.Filter === undefined && input.MaxResults === undefined
    ? unfiltered(operation)
    : operation;

/** Every operation has a bucket of its own. RunInstances' and TerminateInstances' limit of instances, beside that of calls, is not emulated. */
export const EC2_QUOTA: RequestQuota = {
  ...DESCRIBE,
  apart: {
    RunInstances: { requestsPerS: 2, burst: 5 },
    StartInstances: { requestsPerS: 2, burst: 5 },
    StopInstances: MUTATE,
    TerminateInstances: { requestsPerS: 5, burst: 100 },
    CreateTags: { requestsPerS: 10, burst: 100 },
    CancelSpotInstanceRequests: MUTATE,
    DescribeInstances: DESCRIBE,
    DescribeInstanceStatus: DESCRIBE,
    DescribeSpotInstanceRequests: DESCRIBE,
    ...Object.fromEntries(UNFILTERED.map((operation) => [unfiltered(operation), DESCRIBE_ALL])),
    DescribeSpotPriceHistory: DESCRIBE,
    DescribeTags: DESCRIBE,
    DescribeAvailabilityZones: DESCRIBE,
    DescribeRegions: DESCRIBE,
    DescribeInstanceTypes: DESCRIBE,
  },
  source:
    'EC2 developer guide, "Request throttling for the Amazon EC2 API", request token buckets an account and region; read November 2026 in a stored copy',
};
