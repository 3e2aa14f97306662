import type { Design } from './config.ts';
import { createSpread } from './spread.ts';

/** What routing goes by, of one link. */
export interface Candidate {
  readonly id: string;
  /** Lower is preferred by the `priority` policy, and by the others between equals. */
  readonly priority: number;
  /** Measured; undefined when unknown. */
  readonly latencyMs: number | undefined;
  /** US dollars per 1,000 predictions at the price in force; undefined when unknown. */
  readonly usdPer1k: number | undefined;
  /** Over the cost guard's limit. */
  readonly isTooDear: boolean;
  /** Fails or throttles too much to be asked first. */
  readonly isStrained: boolean;
  /** Lets in attempts: healthy, breaker not open, credential not refused. */
  readonly isUsable: boolean;
  /** Share of first attempts against the others' where they are spread by weight; left out: 1. */
  readonly weight?: number;
  /** Lets in a single attempt, to see whether it is back. */
  readonly isProbeDue: boolean;
  /** Attempts under way. */
  readonly inFlight: number;
  /** Lets in no more attempts beside those that are under way. */
  readonly isFull: boolean;
  /** Has as many under way as it gets done without a queue. */
  readonly isBusy: boolean;
  /** Asked once when a request would go to it: whether it is to go elsewhere, for the link is just back. */
  holdsBack(): boolean;
}

type Policy = Design['routing']['policy'];

/** An unknown latency sorts first, so that it becomes known; an unknown price last, for it may be any. */
const KEYS: Readonly<Record<Policy, (link: Candidate) => number>> = {
  priority: ({ priority }) => priority,
  latency: ({ latencyMs }) => latencyMs ?? 0,
  'least-loaded': ({ inFlight }) => inFlight,
  cost: ({ usdPer1k }) => usdPer1k ?? Number.POSITIVE_INFINITY,
};

/** Infinity - Infinity is not a number: equals are 0 by themselves. */
const compare = (a: number, b: number): number => (a === b ? 0 : a - b);

/** A link without a queue before one with, availability before cost, cost before the policy. */
const rank = ({ isBusy, isStrained, isTooDear }: Candidate): number =>
  (isBusy ? 4 : 0) + (isStrained ? 2 : 0) + (isTooDear ? 1 : 0);

/** Below 0 when the first is the better. Dear links are by their price among themselves: each leaves for a cheaper one. */
const compareLinks = (a: Candidate, b: Candidate, policy: Policy): number =>
  compare(rank(a), rank(b)) ||
  (a.isTooDear ? compare(KEYS.cost(a), KEYS.cost(b)) : 0) ||
  compare(KEYS[policy](a), KEYS[policy](b)) ||
  compare(a.priority, b.priority);

/** All links, the best first. */
export const orderLinks = <Link extends Candidate>(links: readonly Link[], policy: Policy): readonly Link[] =>
  [...links].sort((a, b) => compareLinks(a, b, policy));

/** The first that a sort would have in front, without the sort: this is asked for every attempt. */
const bestOf = <Link>(links: readonly Link[], isIn: (link: Link) => boolean, order: (a: Link, b: Link) => number) => {
  let best: Link | undefined;
  for (const link of links) if (isIn(link) && (best === undefined || order(link, best) < 0)) best = link;
  return best;
};

/** What one request has tried. */
export interface Tried {
  /** Attempts on each link, by id. */
  readonly attempts: ReadonlyMap<string, number>;
  /** Link of the attempt that was started last. */
  readonly lastId: string | undefined;
  /** Whether the request's data may go there; left out: anywhere. */
  readonly permits?: (linkId: string) => boolean;
}

/** Chooses links for the attempts of a request. */
export interface Router<Link extends Candidate> {
  /**
   * The link for the next attempt: the best of those least tried, and not the one that just failed if there is another.
   * @param isLastResort nothing else can answer, so that excluded links are tried too
   * @returns undefined when no link is usable and has a place
   */
  next(tried: Tried, isLastResort: boolean): Link | undefined;
  /** The link for an attempt beside others: usable, without a queue, not tried by this request, and not too dear. */
  beside(tried: Tried): Link | undefined;
}

/** All regions in use, in the order of the policy. */
const IN_ORDER: Pick<Design['placement'], 'standby' | 'spread'> = { standby: 'active', spread: 'none' };

/** The first usable link alone: those after it are there for when it is out. */
const inUse = <Link extends Candidate>(links: readonly Link[]): readonly Link[] => {
  const first = bestOf(
    links,
    (link) => link.isUsable,
    (a, b) => a.priority - b.priority,
  );
  return first ? [first] : links;
};

/**
 * @param links at least one
 * @param isFrugal whether the cheapest come first at the moment, whatever the policy
 */
export const createRouter = <Link extends Candidate>(
  { policy, failover }: Design['routing'],
  links: readonly Link[],
  isFrugal: () => boolean = () => false,
  { standby, spread }: Pick<Design['placement'], 'standby' | 'spread'> = IN_ORDER,
): Router<Link> => {
  const ordered = failover ? links : orderLinks(links, 'priority');
  /** What a request can go by at all. Where it may not go is not there for it: the first region that is left is its first. */
  const eligibleFor = ({ permits }: Pick<Tried, 'permits'>): readonly Link[] => {
    const permitted = permits ? ordered.filter(({ id }) => permits(id)) : ordered;
    const all = failover ? permitted : permitted.slice(0, 1);
    return standby === 'passive' ? inUse(all) : all;
  };
  const turns = createSpread(spread);
  let inForce = policy;
  const byPolicy = (a: Link, b: Link) => compareLinks(a, b, inForce);
  const look = () => {
    inForce = isFrugal() ? 'cost' : policy;
  };

  /** The best of those that do not hold this request back. One that is to be probed holds none back: they are its probe. */
  const choose = (
    links: readonly Link[],
    isIn: (link: Link) => boolean,
    order: (a: Link, b: Link) => number,
  ): Link | undefined => {
    const held = new Set<Link>();
    for (;;) {
      const best = bestOf(links, held.size === 0 ? isIn : (link) => isIn(link) && !held.has(link), order);
      if (!best || best.isProbeDue || !best.holdsBack()) return best;
      held.add(best);
    }
  };

  /** The order of a first attempt: where turns are taken, whose turn it is among those that the ranks put first. */
  const inTurn = (links: readonly Link[]): ((a: Link, b: Link) => number) => {
    if (spread === 'none' || isFrugal()) return byPolicy;
    const open = links.filter(isOpen);
    const least = Math.min(...open.map(rank));
    const turn = turns.next(open.filter((link) => rank(link) === least));
    return (a, b) => Number(b === turn) - Number(a === turn) || byPolicy(a, b);
  };

  return {
    next({ attempts, lastId, ...bounds }, isLastResort) {
      look();
      const eligible = eligibleFor(bounds);
      const isRetry = attempts.size > 0;
      // A user's request probes a link with its first attempt only: a retry wants an answer.
      const cost = (link: Link) => (attempts.get(link.id) ?? 0) * 4 + (link.id === lastId ? 2 : 0) + (link.isProbeDue ? 1 : 0);
      const byTries = (a: Link, b: Link) => cost(a) - cost(b) || byPolicy(a, b);
      const order = isRetry ? byTries : inTurn(eligible);
      return choose(eligible, isOpen, order) ?? (isLastResort ? bestOf(eligible, hasPlace, order) : undefined);
    },
    beside({ attempts, ...bounds }) {
      look();
      return choose(eligibleFor(bounds), (link) => isForHedge(link) && !attempts.has(link.id), byPolicy);
    },
  };
};

const hasPlace = (link: Candidate): boolean => !link.isFull;
const isOpen = (link: Candidate): boolean => link.isUsable && !link.isFull;
const isForHedge = (link: Candidate): boolean => isOpen(link) && !link.isProbeDue && !link.isTooDear && !link.isBusy;
