import type { Announce } from './announce.ts';
import type { Priority } from './caller.ts';
import type { Design, GatewayLink } from './config.ts';
import { callUsd, standingUsdPerHour } from './unit-price.ts';

/** Says what the budget has room for. It goes by prices that are known and by the stack's own calls: bills come too late. */
export interface BudgetGuard {
  /** Whether a request of that priority may go to links at all. */
  admits(priority: Priority): boolean;
  /** Takes what a call on the link costs, if the room has it. */
  tryTake(linkId: string): boolean;
  /** Takes it whether the room has it or not: for calls that are made anyway. */
  record(linkId: string): void;
  /** Room is short: cheaper links come first, and nothing is hedged. */
  readonly isFrugal: boolean;
  /** To be called when a link's price has been read: calls since the reading before may have cost the new one. */
  onReading(linkId: string): void;
  /** When there will be room for a request, milliseconds from now; about. */
  retryAfterMs(): number;
}

const MS_PER_HOUR = 3_600_000;
/** Of the room: it is well again when so much is there. */
const WELL_FROM = 0.9;
/** A refused caller need not come back sooner than that, nor wait longer. */
const [MIN_RETRY_MS, MAX_RETRY_MS] = [100, 60_000];

const UNGUARDED: BudgetGuard = {
  admits: () => true,
  tryTake: () => true,
  record: () => undefined,
  isFrugal: false,
  onReading: () => undefined,
  retryAfterMs: () => 0,
};

type Policy = Exclude<Design['budgetGuard'], false>;

/** How far it has come, from well to worst. */
const STEPS = ['well', 'frugal', 'sheddable', 'spent'] as const;
type Step = (typeof STEPS)[number];

const usd = (amount: number): string => `$${Number(amount.toPrecision(3))}`;

const WORDS: Readonly<Record<Exclude<Step, 'well'>, (policy: Policy) => string>> = {
  frugal: ({ frugalBelow }) =>
    `budget guard has less than ${Math.round(frugalBelow * 100)} % of its room left: cheaper links first, no hedges`,
  sheddable: ({ sheddableBelow }) =>
    `budget guard has less than ${Math.round(sheddableBelow * 100)} % of its room left: sheddable requests go to no link`,
  spent: ({ maxUsdPerHour }) => `budget guard has spent its room: what goes beyond ${usd(maxUsdPerHour)} an hour goes to no link`,
};

/**
 * A bucket of dollars that fills at the rate of the budget, less what stands there anyway, and holds `burstMs` of it. What is spent in any time
 * is at most the budget of that time and of `burstMs`, by the prices that are known; where a price rose since its last reading, by that much
 * more, which is made up for.
 *
 * @param usdPerHour price of an instance hour of a link, as last read; undefined until it was read: then the link's list price counts
 */
export const createBudgetGuard = (
  policy: Design['budgetGuard'],
  links: readonly GatewayLink[],
  usdPerHour: (linkId: string) => number | undefined,
  announce: Announce,
): BudgetGuard => {
  if (policy === false) return UNGUARDED;
  const { maxUsdPerHour, burstMs, frugalBelow, sheddableBelow, keptForCritical } = policy;
  const roomUsd = (maxUsdPerHour / MS_PER_HOUR) * burstMs;
  const byId = new Map(links.map((link) => [link.id, { link, callUsd: 0, sinceReadingUsd: 0 }]));
  let leftUsd = roomUsd;
  let countedToMs = performance.now();
  let netUsdPerMs = 0;
  let worst: Step = 'well';

  const priceOf = ({ id, listUsdPerHour = 0 }: GatewayLink): number => usdPerHour(id) ?? listUsdPerHour;

  const reprice = () => {
    let standingUsd = 0;
    for (const one of byId.values()) {
      one.callUsd = callUsd(priceOf(one.link), one.link);
      standingUsd += standingUsdPerHour(priceOf(one.link), one.link);
    }
    netUsdPerMs = (maxUsdPerHour - standingUsd) / MS_PER_HOUR;
    const text = `budget guard can't keep to ${usd(maxUsdPerHour)} an hour: what stands there costs ${usd(standingUsd)}, called or not`;
    if (netUsdPerMs <= 0) announce.trouble('budget standing', text);
    else announce.well('budget standing', `budget guard keeps to ${usd(maxUsdPerHour)} an hour again`);
  };
  reprice();

  /** Calls cost next to nothing beside what stands there: to refuse them would save nothing. */
  const isBeyondReach = (): boolean => netUsdPerMs <= 0;

  const fill = (): number => {
    const nowMs = performance.now();
    leftUsd = Math.min(roomUsd, leftUsd + Math.max(0, netUsdPerMs) * (nowMs - countedToMs));
    countedToMs = nowMs;
    return leftUsd / roomUsd;
  };

  const stepAt = (left: number): Step =>
    left <= keptForCritical ? 'spent' : left < sheddableBelow ? 'sheddable' : left < frugalBelow ? 'frugal' : 'well';

  /** @returns share of the room that is left */
  const look = (): number => {
    const left = fill();
    const step = stepAt(left);
    if (step !== 'well' && STEPS.indexOf(step) > STEPS.indexOf(worst)) {
      worst = step;
      announce.trouble('budget', WORDS[step](policy));
    } else if (worst !== 'well' && left >= WELL_FROM) {
      worst = 'well';
      announce.well('budget', 'budget guard has room again');
    }
    return left;
  };

  const take = (linkId: string) => {
    const one = byId.get(linkId)!;
    leftUsd -= one.callUsd;
    one.sinceReadingUsd += one.callUsd;
  };

  return {
    admits(priority) {
      if (isBeyondReach()) return true;
      const left = look();
      if (priority === 'critical') return left > 0;
      return left > (priority === 'sheddable' ? Math.max(sheddableBelow, keptForCritical) : keptForCritical);
    },
    tryTake(linkId) {
      fill();
      if (!isBeyondReach() && byId.get(linkId)!.callUsd > leftUsd) return false;
      take(linkId);
      return true;
    },
    record(linkId) {
      fill();
      take(linkId);
    },
    get isFrugal() {
      return !isBeyondReach() && look() < frugalBelow;
    },
    onReading(linkId) {
      fill();
      const one = byId.get(linkId)!;
      const beforeUsd = one.callUsd;
      reprice();
      if (one.callUsd > beforeUsd && beforeUsd > 0) leftUsd -= one.sinceReadingUsd * (one.callUsd / beforeUsd - 1);
      one.sinceReadingUsd = 0;
    },
    retryAfterMs() {
      const missingUsd = roomUsd * sheddableBelow - leftUsd;
      return Math.min(MAX_RETRY_MS, Math.max(MIN_RETRY_MS, Math.ceil(missingUsd / Math.max(netUsdPerMs, Number.MIN_VALUE))));
    },
  };
};
