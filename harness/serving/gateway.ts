import type { FetchHandler } from '../../mocks/emulator.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { createAnnounce } from './announce.ts';
import type { GatewayConfig } from './config.ts';
import { DEADLINE_HEADER, type Deadline, deadlineMsOf, startDeadline } from './deadline.ts';
import { createLadder } from './degrade/ladder.ts';
import { BadRequest, Cancelled, LinkError, messageOf } from './errors.ts';
import { createHedge } from './hedging.ts';
import { createLinks } from './links.ts';
import type { Observe } from './observation.ts';
import { parseInferRequest, renderInferResponse } from './open-inference.ts';
import { createProtocolServer, failure } from './protocol-server.ts';
import { readText } from './read-text.ts';
import { createRetry } from './retry.ts';
import { createRetryBudget } from './retry-budget.ts';
import { createRouter } from './routing.ts';
import { createServeLinks } from './serve-links.ts';
import { createServe } from './serving.ts';

/** What a world brings that the web platform does not. */
export interface GatewayDependencies {
  readonly models: ModelRuntime;
  /** Hears in words what the stack did; a few a second at most, and no secrets. */
  readonly onEvent?: (text: string) => void;
  /** Hears what the stack does, for checks; thousands a second. */
  readonly onObservation?: Observe;
}

/** The reference serving stack as one service. */
export interface Gateway {
  readonly fetch: FetchHandler;
  /** Gets the first credentials (resolving also when some cannot be had), then begins health checks and price watch. */
  start(): Promise<void>;
  /** Ends every timer, and every request that is under way. For good. */
  stop(): void;
}

/** A batch of 256 rows is about 100 kB. */
const BODY_LIMIT_BYTES = 1024 * 1024;
/** One more is refused at once: without a deadline, requests to a dead link would pile up until memory ends. */
const MAX_IN_FLIGHT = 4096;

/** nginx's status for a caller that is no longer there: nobody reads it. */
const CALLER_GONE = 499;

/** How a request ends that nothing answered. */
const toFailure = (error: unknown): Response => {
  if (error instanceof BadRequest) return failure(400, error.message);
  if (error instanceof LinkError && error.kind === 'rejected') {
    return failure(400, `The model does not take the input: ${error.message}`);
  }
  if (error instanceof Cancelled && error.cancelledBy === 'deadline') return failure(504, error.message);
  if (error instanceof Cancelled && error.cancelledBy === 'caller-gone') return failure(CALLER_GONE, error.message);
  return failure(503, `No prediction could be had. ${messageOf(error)}`);
};

/** Makes the policies of the design, and puts them together. */
const createStack = ({ config, dependencies, stopped }: StackParts) => {
  const { design } = config;
  const announce = createAnnounce(dependencies.onEvent);
  const links = createLinks(config, announce, stopped, dependencies.onObservation);
  const budget = createRetryBudget(design.retry);
  const ladder = createLadder(design.degrade, dependencies.models, announce);
  const serveLinks = createServeLinks({
    router: createRouter(design.routing, links.all),
    retry: createRetry(design.retry, budget, announce),
    hedge: createHedge(design.hedging),
    budget,
    observe: dependencies.onObservation,
  });
  return { links, ladder, serve: createServe({ serveLinks, ladder, budget }) };
};

interface StackParts {
  readonly config: GatewayConfig;
  readonly dependencies: GatewayDependencies;
  readonly stopped: AbortSignal;
}

/**
 * The reference serving stack: an Open Inference Protocol v2 server over the links of the configuration, with the policies of its design.
 * @throws {TypeError} when the configuration has no links
 */
export const createGateway = (config: GatewayConfig, dependencies: GatewayDependencies): Gateway => {
  if (config.links.length === 0) throw new TypeError('The gateway configuration has no links; at least one is needed.');
  const stopping = new AbortController();
  const { links, ladder, serve } = createStack({ config, dependencies, stopped: stopping.signal });
  let isStarted = false;
  const underWay = new Set<Deadline>();

  const infer = async (request: Request, deadline: Deadline): Promise<Response> => {
    const text = await readText(request, BODY_LIMIT_BYTES);
    if (text === null) return failure(413, `The body is over ${BODY_LIMIT_BYTES} bytes.`);
    const parsed = parseInferRequest(text);
    const { predictions, servedBy, degraded } = await serve(parsed.rows, deadline);
    return Response.json(renderInferResponse(config.model, parsed, predictions), {
      headers:
        degraded === null
          ? { 'x-squall-served-by': servedBy }
          : { 'x-squall-served-by': servedBy, 'x-squall-degraded': degraded },
    });
  };

  const inferInTime = async (request: Request): Promise<Response> => {
    if (underWay.size >= MAX_IN_FLIGHT) return failure(503, `${MAX_IN_FLIGHT} requests are under way; no more are taken.`);
    const { signal } = request;
    let deadline: Deadline | undefined;
    const onCallerGone = () => deadline?.end(new Cancelled('caller-gone'));
    try {
      deadline = startDeadline(deadlineMsOf(config.design, request.headers.get(DEADLINE_HEADER)), ladder.hasRungs);
      underWay.add(deadline);
      if (signal.aborted) onCallerGone();
      else signal.addEventListener('abort', onCallerGone);
      if (stopping.signal.aborted) deadline.end(stopping.signal.reason);
      return await deadline.limit(infer(request, deadline));
    } catch (error) {
      return toFailure(error);
    } finally {
      signal.removeEventListener('abort', onCallerGone);
      if (deadline) {
        deadline.close();
        underWay.delete(deadline);
      }
    }
  };

  const isReady = () => isStarted && !stopping.signal.aborted && (ladder.hasRungs || links.all.some((link) => link.isUsable));

  const server = createProtocolServer({ model: config.model, isReady, infer: inferInTime });

  return {
    fetch: async (request) => server.fetch(request),
    async start() {
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
