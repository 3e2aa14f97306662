import type { Announce } from './announce.ts';
import type { Design } from './config.ts';

/** Says which links cost too much. Routing puts them behind the others, and hedges never go to them. */
export interface CostGuard {
  /** Over the limit at the last known price; a link without a known price is not. */
  isTooDear(linkId: string): boolean;
  /** To be called when a link's price has changed: tells when the guard leaves a link, or comes back to it. */
  review(linkId: string): void;
}

const usd = (amount: number): string => String(Number(amount.toPrecision(3)));

/**
 * @param linkIds all links: where every one is over the limit there is nothing to leave for but the cheapest
 * @param usdPer1k price in force of a link
 */
export const createCostGuard = (
  policy: Design['costGuard'],
  linkIds: readonly string[],
  usdPer1k: (linkId: string) => number | undefined,
  announce: Announce,
): CostGuard => {
  if (policy === false) return { isTooDear: () => false, review: () => undefined };
  const isTooDear = (linkId: string) => (usdPer1k(linkId) ?? 0) > policy.maxUsdPer1k;

  return {
    isTooDear,
    review(linkId) {
      const price = usd(usdPer1k(linkId) ?? 0);
      const limit = usd(policy.maxUsdPer1k);
      if (!isTooDear(linkId)) {
        announce.well(`cost ${linkId}`, `cost guard came back to ${linkId}: ${price} USD per 1k within ${limit}`);
        return;
      }
      const verb = linkIds.every(isTooDear) ? 'finds no link within the limit, not even' : 'left';
      announce.trouble(`cost ${linkId}`, `cost guard ${verb} ${linkId}: ${price} USD per 1k over ${limit}`);
    },
  };
};
