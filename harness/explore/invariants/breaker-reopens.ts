import { type Deployment, deploymentAt } from '../../cost/deployment.ts';
import type { Design } from '../../serving/config.ts';
import { callUsd } from '../../serving/unit-price.ts';
import type { Link } from '../../topology/link.ts';
import { attribute } from './attribution.ts';
import { type Evidence, overObservations, seconds } from './invariant.ts';

/** Requests that went past a link before it is said to be kept out. */
const MIN_PASSED_OVER = 20;

/** Lower is asked first; a policy that goes by measured latency has no order that is known from outside. */
const orders: Readonly<Record<Design['routing']['policy'], ((deployment: Deployment, index: number) => number) | undefined>> = {
  priority: (_deployment, index) => index,
  cost: ({ instanceUsdPerHour, capacity, billing }) =>
    callUsd(instanceUsdPerHour, { ...capacity, billing, listUsdPerHour: instanceUsdPerHour }),
  latency: undefined,
  'least-loaded': undefined,
};

const rankOf = ({ plan }: Evidence): ((linkId: string) => number) | undefined => {
  const order = orders[plan.design.routing.policy];
  // A stack that saves goes to the cheapest, whatever its policy.
  if (!order || !plan.design.routing.failover || plan.design.budgetGuard) return undefined;
  const { regions } = plan.scenario.topology;
  return (linkId) => {
    const index = regions.findIndex(({ provider, region }) => linkId.startsWith(`${provider}/${region}/`));
    return index < 0 ? Number.POSITIVE_INFINITY : order(deploymentAt(regions, index, plan.design), index);
  };
};

/** When the last fault that bears on the link's provider is over, milliseconds; never, where its credential stays bad. */
const touchedUntilMs = ({ plan, touched }: Evidence, link: Link): number => {
  const keepsCredential = plan.design.credentialRefresh === false;
  const ends = plan.scenario.faults.flatMap(({ atMs, forMs }, index) => {
    const ofProvider = touched[index]!.filter(({ provider }) => provider === link.provider);
    if (ofProvider.length === 0) return [];
    const isOfCredential = ofProvider.some(({ role }) => role === 'secret' || role === 'token');
    return keepsCredential && isOfCredential ? Number.POSITIVE_INFINITY : atMs + forMs;
  });
  return Math.max(0, ...ends);
};

/** A link is tried again when its breaker's pause is over and requests come. When it opened is the stack's own word. */
export const breakerReopens = overObservations(
  'breaker-reopens',
  'A link whose circuit breaker has opened is tried again when the pause is over, the fault is gone, and requests go to links after it.',
  (observations, evidence) => {
    const { breakers } = observations;
    const { plan, bounds } = evidence;
    const policy = plan.design.circuitBreaker;
    const rank = rankOf(evidence);
    if (policy === false || !rank) return [];
    if (!breakers.some(({ to }) => to === 'open')) return [];
    const sent = attribute(observations).exchanges;
    return plan.links.flatMap((link) => {
      const last = breakers.findLast(({ linkId }) => linkId === link.id);
      if (last?.to !== 'open') return [];
      // The probe that opened it again may have met the fault's last moment.
      const dueMs = Math.max(last.atMs + policy.halfOpenAfterMs, touchedUntilMs(evidence, link) + bounds.recoverWithinMs);
      const after = sent.filter(({ exchange: { atMs } }) => atMs > dueMs);
      if (after.some(({ exchange }) => exchange.linkId === link.id)) return [];
      const passedOver = after.filter(({ part, exchange }) => part === 'first' && rank(exchange.linkId) > rank(link.id));
      if (passedOver.length < MIN_PASSED_OVER) return [];
      return [
        `No request was sent to ${link.id} from ${seconds(dueMs)} to the end, and ${passedOver.length} went to links that come after it, though nothing was wrong with it: its breaker, which had opened at ${seconds(last.atMs)}, was due to let one try.`,
      ];
    });
  },
);
