import { createTokenBucket, type TokenBucket } from '../shared/token-bucket.ts';
import type { RequestRate, ServiceSpec } from './service.ts';

/** How many requests a second each endpoint of a cloud takes. */
export interface RequestRates {
  /**
   * Takes a request in, if the endpoint has room for it.
   * @param kind of request, where the service's quota counts kinds apart
   */
  admits(service: string, region: string, kind?: string): boolean;
  /** @param requestsPerS of all kinds together; null for what the service's own quota says */
  set(service: string, region: string, requestsPerS: number | null): void;
}

const open = ({ requestsPerS, burst }: RequestRate): TokenBucket | null =>
  requestsPerS === null ? null : createTokenBucket(requestsPerS, burst);

/** @param specs their quotas hold where no others are set */
export const createRequestRates = (specs: readonly ServiceSpec[]): RequestRates => {
  const quotas = new Map(specs.map(({ service, quota }) => [service, quota] as const));
  /** By endpoint, and kind where it is counted apart. Null for no limit. */
  const own = new Map<string, TokenBucket | null>();
  /** By endpoint. */
  const set = new Map<string, TokenBucket>();

  const ownBucket = (service: string, endpoint: string, kind: string): TokenBucket | null => {
    const quota = quotas.get(service);
    const apart = quota?.apart && Object.hasOwn(quota.apart, kind) ? quota.apart[kind] : undefined;
    const key = apart ? `${endpoint}/${kind}` : endpoint;
    const known = own.get(key);
    if (known !== undefined) return known;
    const bucket = quota ? open(apart ?? quota) : null;
    own.set(key, bucket);
    return bucket;
  };

  return {
    admits(service, region, kind = '') {
      const endpoint = `${region}/${service}`;
      return (set.get(endpoint) ?? ownBucket(service, endpoint, kind))?.tryTake() ?? true;
    },
    set(service, region, requestsPerS) {
      const endpoint = `${region}/${service}`;
      if (requestsPerS === null) set.delete(endpoint);
      else set.set(endpoint, createTokenBucket(requestsPerS));
    },
  };
};
