import type { Design } from '../config.ts';
import type { ServingLink } from '../links.ts';
import type { CurrentLimit } from './admission.ts';

type Policy = Exclude<Design['admission'], false>;

/**
 * How many requests may be under way: of adaptive limits, what the usable links get done together. A link that goes out takes its part along, so that
 * those left are not sent what was meant for it.
 */
export const createCurrentLimit = (policy: Policy, links: readonly Pick<ServingLink, 'isUsable' | 'limit'>[]): CurrentLimit => {
  if (policy.limit === 'fixed') return () => policy.maxInFlight;
  return () => {
    let ofUsable = 0;
    let ofAll = 0;
    for (const link of links) {
      ofAll += link.limit;
      if (link.isUsable) ofUsable += link.limit;
    }
    // Where none is usable, requests are answered degraded or fail, both soon: nothing is gained by holding them up.
    return ofUsable > 0 ? ofUsable : ofAll;
  };
};
