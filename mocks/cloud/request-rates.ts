import { createTokenBucket, type TokenBucket } from '../shared/token-bucket.ts';
import type { ServiceSpec } from './service.ts';

/** How many requests a second each endpoint of a cloud takes. */
export interface RequestRates {
  /** Takes a request in, if the endpoint has room for it. */
  admits(service: string, region: string): boolean;
  /** @param requestsPerS null for what the service's own quota says */
  set(service: string, region: string, requestsPerS: number | null): void;
}

/** @param specs their quotas hold where no others are set */
export const createRequestRates = (specs: readonly ServiceSpec[]): RequestRates => {
  const buckets = new Map<string, TokenBucket | null>();

  const open = (service: string, requestsPerS: number | null): TokenBucket | null => {
    const rate = requestsPerS ?? specs.find((spec) => spec.service === service)?.quota.requestsPerS ?? null;
    return rate === null ? null : createTokenBucket(rate);
  };

  return {
    admits(service, region) {
      const key = `${region}/${service}`;
      if (!buckets.has(key)) buckets.set(key, open(service, null));
      return buckets.get(key)?.tryTake() ?? true;
    },
    set: (service, region, requestsPerS) => void buckets.set(`${region}/${service}`, open(service, requestsPerS)),
  };
};
