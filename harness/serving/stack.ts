import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { type Admission, createAdmission } from './admission/admission.ts';
import { createCurrentLimit } from './admission/current-limit.ts';
import { createAnnounce } from './announce.ts';
import type { Caller } from './caller.ts';
import type { Rows } from './clients/access.ts';
import { coalesce } from './coalescing.ts';
import type { GatewayConfig } from './config.ts';
import { type Deadline, deadlineMsOf, startDeadline } from './deadline.ts';
import { createLadder } from './degrade/ladder.ts';
import type { HttpDoor } from './doors/index.ts';
import { Cancelled, Refused } from './errors.ts';
import { createHedge } from './hedging.ts';
import { guardOf } from './identity/admit.ts';
import type { Guard, Principal } from './identity/guard.ts';
import { createLinks } from './links.ts';
import type { Observe } from './observation.ts';
import { createPredictionCache } from './prediction-cache.ts';
import { createLocalModel } from './registry/local-model.ts';
import { createResidency } from './residency.ts';
import { createRetry } from './retry.ts';
import { createRetryBudget } from './retry-budget.ts';
import { createRouter } from './routing.ts';
import { createServeLinks } from './serve-links.ts';
import { type Answer, createServe } from './serving.ts';

/** What a world brings that the web platform does not. */
export interface GatewayDependencies {
  readonly models: ModelRuntime;
  /** For calls of the issuer; the world's own when left out. */
  readonly fetch?: typeof globalThis.fetch;
  /** Doors of HTTP beside those of doors/index.ts: those that take long to load. */
  readonly httpDoors?: readonly HttpDoor[];
  /** Hears in words what the stack did; a few a second at most, and no secrets. */
  readonly onEvent?: (text: string) => void;
  /** Hears what the stack does, for checks; thousands a second. */
  readonly onObservation?: Observe;
}

/** A request as a door hands it over. */
export interface Call extends Caller {
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
  /** Why its caller may ask no link: for designs that see to that too late. */
  readonly refusal?: unknown;
}

/** What all doors call: the policies of the design around the links, whatever the caller's protocol. */
export interface Stack {
  /** Name of the model that it serves. */
  readonly model: string;
  /** Who makes a request, if it may; `infer` asks by itself. @see Guard.admit */
  readonly admit: Guard['admit'];
  /** Whether a request can hope for an answer. */
  isReady(): boolean;
  /**
   * Answers one request, within its deadline, if it is admitted.
   * @param read gives the rows; the time that it takes is the request's
   * @throws {Refused} `too-many` or `over-share`; whatever `read` throws; `Cancelled`, `LinkError`, `NoUsableLink` when nothing answers.
   * doors/failures.ts has what each is in a protocol
   */
  infer(read: () => Rows | Promise<Rows>, call: Call): Promise<Answer>;
  /** Gets the first credentials (resolving also when some cannot be had), then begins health checks and price watch. */
  start(): Promise<void>;
  /** Ends every timer, and every request that is under way. For good. */
  stop(): void;
}

/** One more is refused at once: without a deadline, requests to a dead link would pile up until memory ends. */
const MAX_IN_FLIGHT = 4096;

/** Makes the policies of the design, and puts them together. */
const createPolicies = ({ config, dependencies, stopped }: PolicyParts) => {
  const { design } = config;
  const announce = createAnnounce(dependencies.onEvent);
  const links = createLinks(config, announce, stopped, dependencies.onObservation);
  const { budgetGuard } = links;
  const budget = createRetryBudget(design.retry);
  const local = createLocalModel(config, dependencies.models, announce, stopped);
  const scopeOf = createResidency(design.residency, config.residency);
  const sharedBy = (tenant: string) => scopeOf(tenant).key;
  const ladder = createLadder(design.degrade, local.models, announce, sharedBy);
  const fresh = design.cache && {
    cache: createPredictionCache({ entries: design.cache.entries, isPerTenant: design.cache.perTenant, sharedBy }),
    ttlMs: design.cache.ttlMs,
  };
  const serveByLinks = createServeLinks({
    router: createRouter(design.routing, links.all, () => budgetGuard.isFrugal, design.placement),
    retry: createRetry(design.retry, budget, announce),
    hedge: createHedge(design.hedging),
    budget,
    budgetGuard,
    observe: dependencies.onObservation,
  });
  const serveLinks = coalesce(design.coalescing, serveByLinks);
  const admission = design.admission
    ? createAdmission(design.admission, createCurrentLimit(design.admission, links.all), announce)
    : null;
  return {
    links,
    local,
    ladder,
    serve: createServe({ serveLinks, scopeOf, ladder, fresh: fresh || null, local, budget, budgetGuard }),
    admission,
  };
};

interface PolicyParts {
  readonly config: GatewayConfig;
  readonly dependencies: GatewayDependencies;
  readonly stopped: AbortSignal;
}

/**
 * The links of the configuration under the policies of its design.
 * @throws {TypeError} when the configuration has no links
 */
export const createStack = (config: GatewayConfig, dependencies: GatewayDependencies): Stack => {
  if (config.links.length === 0) throw new TypeError('The gateway configuration has no links; at least one is needed.');
  const stopping = new AbortController();
  const { links, local, ladder, serve, admission } = createPolicies({ config, dependencies, stopped: stopping.signal });
  const guard = guardOf(config, dependencies.fetch ?? ((...args) => globalThis.fetch(...args)));
  let isStarted = false;
  const underWay = new Set<Deadline>();

  const answer = async (read: () => Rows | Promise<Rows>, call: Call, deadline: Deadline): Promise<Answer> =>
    serve(await read(), deadline, call);

  const answerAdmitted = async ({ enter }: Admission, ...[read, call, deadline]: Parameters<typeof answer>): Promise<Answer> => {
    const leave = await enter(call, deadline);
    let isByLink = false;
    try {
      const given = await answer(read, call, deadline);
      isByLink = given.degraded === null;
      return given;
    } finally {
      leave(isByLink);
    }
  };

  const { model, design } = config;
  const looksAlways = design.identity === false || design.identity.beforeDegraded;

  /** The call as its caller may make it. */
  const admitted = async (call: Call): Promise<Call> => {
    try {
      const given = guard.admit(
        { authorization: call.authorization ?? null, ...(call.subject === undefined ? {} : { subject: call.subject }) },
        { action: 'predict', model, tenant: call.tenant },
      );
      const { tenant }: Principal = given instanceof Promise ? await given : given;
      return tenant === call.tenant ? call : { ...call, tenant };
    } catch (refusal) {
      if (looksAlways) throw refusal;
      return { ...call, refusal };
    }
  };

  return {
    model,
    admit: guard.admit,
    isReady: () => isStarted && !stopping.signal.aborted && (ladder.hasRungs || links.all.some((link) => link.isUsable)),
    async infer(read, said) {
      const call = design.identity === false ? said : await admitted(said);
      if (underWay.size >= MAX_IN_FLIGHT) {
        throw new Refused('too-many', `${MAX_IN_FLIGHT} requests are under way; no more are taken.`);
      }
      const { signal } = call;
      const deadline = startDeadline(deadlineMsOf(config.design, call.deadlineMs), ladder.hasRungs);
      const onCallerGone = () => deadline.end(new Cancelled('caller-gone'));
      underWay.add(deadline);
      try {
        if (signal.aborted) onCallerGone();
        else signal.addEventListener('abort', onCallerGone);
        if (stopping.signal.aborted) deadline.end(stopping.signal.reason);
        const work = admission ? answerAdmitted(admission, read, call, deadline) : answer(read, call, deadline);
        return await deadline.limit(work);
      } finally {
        signal.removeEventListener('abort', onCallerGone);
        deadline.close();
        underWay.delete(deadline);
      }
    },
    async start() {
      local.start();
      await guard.warm();
      await links.start();
      isStarted = true;
    },
    stop() {
      const reason = new Cancelled('stopped');
      stopping.abort(reason);
      for (const deadline of underWay) deadline.end(reason);
    },
  };
};
