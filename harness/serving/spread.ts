import type { Design } from './config.ts';

/** A link, as far as the turns go. */
export interface Spreadable {
  readonly id: string;
  /** Share of the turns against the others' with the policy `weighted`; left out: 1. */
  readonly weight?: number;
}

/** Says whose turn it is. */
export interface Spread {
  /** One of the links, or undefined where turns are not taken or there is none. */
  next<Link extends Spreadable>(links: readonly Link[]): Link | undefined;
}

/**
 * Smooth weighted round-robin, as nginx has it (github.com/nginx/nginx, commit 27e9498, read 2026-11): each turn every link gains its
 * weight, the one that has most is taken and pays what all have gained. Links that come and go take no turns meanwhile.
 */
export const createSpread = (policy: Design['placement']['spread']): Spread => {
  const gained = new Map<string, number>();
  const weightOf = ({ weight = 1 }: Spreadable): number => (policy === 'weighted' ? weight : 1);

  return {
    next(links) {
      if (policy === 'none') return undefined;
      let most: (typeof links)[number] | undefined;
      let total = 0;
      for (const link of links) {
        const weight = weightOf(link);
        total += weight;
        const has = (gained.get(link.id) ?? 0) + weight;
        gained.set(link.id, has);
        if (!most || has > gained.get(most.id)!) most = link;
      }
      if (most) gained.set(most.id, gained.get(most.id)! - total);
      return most;
    },
  };
};
