import type { ServiceSpec } from '../cloud/service.ts';
import { createTokenBucket, type TokenBucket } from '../shared/token-bucket.ts';

/** How many requests a second each endpoint takes. */
export interface RequestRates {
  /** Takes a request in, if the endpoint has room for it. */
  admits(service: string, region: string): boolean;
  /** @param requestsPerS null for no limit */
  set(service: string, region: string, requestsPerS: number | null): void;
}

/** @param specs their quotas hold until others are set */
export const createRequestRates = (specs: readonly ServiceSpec[]): RequestRates => {
  const buckets = new Map<string, TokenBucket | null>();
  const open = (requestsPerS: number | null) => (requestsPerS === null ? null : createTokenBucket(requestsPerS));
  return {
    admits(service, region) {
      const key = `${region}/${service}`;
      if (!buckets.has(key)) {
        buckets.set(key, open(specs.find((spec) => spec.service === service)?.quota.requestsPerS ?? null));
      }
      return buckets.get(key)?.tryTake() ?? true;
    },
    set: (service, region, requestsPerS) => void buckets.set(`${region}/${service}`, open(requestsPerS)),
  };
};
