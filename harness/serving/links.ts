import { type AccessSource, createAccessSource } from './access-source.ts';
import type { Announce } from './announce.ts';
import { createAttemptTimeout } from './attempt-timeout.ts';
import { checkVerdict } from './blame.ts';
import { type BudgetGuard, createBudgetGuard } from './budget-guard.ts';
import type { Rows } from './clients/access.ts';
import type { Design, GatewayConfig, GatewayLink } from './config.ts';
import { createConnections } from './connections.ts';
import { createCostGuard } from './cost-guard.ts';
import { type CredentialRefresh, createCredentialRefresh } from './credential-refresh.ts';
import { createHealthChecks, type HealthChecks } from './health-checks.ts';
import { createLinkCaller, type ServedByLink, unlimited } from './link-caller.ts';
import type { Observe } from './observation.ts';
import { createPriceWatch } from './price-watch.ts';
import { createProviderClock } from './provider-clock.ts';
import { createRollout } from './rollout.ts';
import type { Candidate } from './routing.ts';
import { createSlowStart } from './slow-start.ts';

/** A link with all that the stack knows of it. */
export interface ServingLink extends Candidate {
  /** Attempts that it gets done without a queue; Infinity when nobody keeps count. */
  readonly limit: number;
  /**
   * One attempt, under the attempt time-out and with credential refresh; its end is counted by breaker, strain and latency.
   * @param isLastResort passes an open breaker
   * @throws {LinkError} or the signal's reason
   */
  attempt(rows: Rows, signal: AbortSignal, isLastResort: boolean): Promise<ServedByLink>;
}

/** The links of a gateway, and what goes on beside requests. */
export interface Links {
  readonly all: readonly ServingLink[];
  /** What the budget has room for; health checks are taken from it here. */
  readonly budgetGuard: BudgetGuard;
  /** Gets first accesses, resolving when each is there or has failed; begins health checks and price watch. */
  start(): Promise<void>;
}

/** Price watch where the routing policy goes by cost, and no guard wants it more often. */
const PRICE_REFRESH_MS = 5000;

/** How often prices are read: as the policy wants that is the most eager; null where none goes by them. */
const priceRefreshMs = ({ costGuard, budgetGuard, routing }: Design): number | null => {
  const wanted = [
    ...(costGuard ? [costGuard.refreshMs] : []),
    ...(budgetGuard ? [budgetGuard.refreshMs] : []),
    ...(routing.policy === 'cost' ? [PRICE_REFRESH_MS] : []),
  ];
  return wanted.length === 0 ? null : Math.min(...wanted);
};

/** One access for all links that have the same secret and token endpoint: in practice, a provider. */
const createAccesses = (config: GatewayConfig, announce: Announce, stopped: AbortSignal) => {
  const sources = new Map<string, AccessSource>();
  const refreshes = new Map<string, CredentialRefresh>();
  const refreshOf = (link: GatewayLink): CredentialRefresh => {
    const key = JSON.stringify([link.provider, link.secretEndpoint, link.tokenEndpoint]);
    const known = refreshes.get(key);
    if (known) return known;
    const source = createAccessSource(link, createProviderClock(config.design.clockCorrection), announce, stopped);
    const refresh = createCredentialRefresh(config.design.credentialRefresh, link.provider, source, announce);
    sources.set(key, source);
    refreshes.set(key, refresh);
    return refresh;
  };
  return { sources, refreshOf };
};

/** @param stopped ends all that goes on beside requests */
export const createLinks = (config: GatewayConfig, announce: Announce, stopped: AbortSignal, observe?: Observe): Links => {
  const { design } = config;
  const { sources, refreshOf } = createAccesses(config, announce, stopped);
  const limit = createAttemptTimeout(design.attemptTimeoutMs);
  const connections = createConnections(design.connections);
  const rollout = createRollout(design.rollout, config.samples ?? [], announce, stopped);
  const parts = config.links.map((link) => {
    const refresh = refreshOf(link);
    return {
      config: link,
      refresh,
      caller: createLinkCaller(link, { design, refresh, limit, connections, rollout, announce, observe }),
    };
  });
  const ids = config.links.map(({ id }) => id);

  const prices = createPriceWatch(
    priceRefreshMs(design),
    parts.map(({ config: link, refresh }) => ({
      config: link,
      price: (signal) => refresh.run(`price ${link.id}`, (access, s) => access.priceUsdPerHour(link, s), signal, unlimited),
    })),
    (id, hasChanged) => {
      budgetGuard.onReading(id);
      if (hasChanged) guard.review(id);
    },
    announce,
    stopped,
  );
  const guard = createCostGuard(design.costGuard, ids, prices.usdPer1k, announce);
  const budgetGuard = createBudgetGuard(design.budgetGuard, config.links, prices.usdPerHour, announce);
  const health: HealthChecks = createHealthChecks(
    design.healthChecks,
    parts.map(({ config: { id }, caller }) => ({
      id,
      check: (signal) => {
        budgetGuard.record(id);
        return caller.check(signal);
      },
    })),
    checkVerdict(design),
    announce,
    stopped,
  );

  const all = parts.map(({ config: { id, priority, concurrency }, refresh, caller }): ServingLink => {
    const { breaker, latency, strain, room } = caller;
    const slowStart = createSlowStart(design.slowStart);
    return {
      id,
      priority,
      weight: concurrency,
      attempt: caller.attempt,
      get latencyMs() {
        return latency.ms;
      },
      get usdPer1k() {
        return prices.usdPer1k(id);
      },
      get isTooDear() {
        return guard.isTooDear(id);
      },
      get isStrained() {
        return strain.isStrained;
      },
      get isUsable() {
        const isUsable = health.isHealthy(id) && breaker.state !== 'open' && !refresh.isRefused(id);
        slowStart.see(isUsable);
        return isUsable;
      },
      get inFlight() {
        return room.inFlight;
      },
      get limit() {
        return room.limit;
      },
      get isFull() {
        return room.isFull;
      },
      get isBusy() {
        return room.isBusy;
      },
      holdsBack: slowStart.holdsBack,
      get isProbeDue() {
        return breaker.state === 'probe-due';
      },
    };
  });

  return {
    all,
    budgetGuard,
    async start() {
      await Promise.allSettled([...sources.values()].map((source) => source.current(stopped)));
      health.start();
      prices.start();
      rollout.start((rows, signal) => {
        const usable = parts.filter((_, at) => all[at]!.isUsable);
        const [first] = usable.length > 0 ? usable : parts;
        return first!.caller.tryCandidate(rows, signal);
      });
    },
  };
};
