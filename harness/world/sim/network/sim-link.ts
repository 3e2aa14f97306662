import type { FetchHandler } from '../../../../mocks/emulator.ts';
import { ConnectionReset, type Fault, type FaultEffect, type SimConnectionState } from '../../../faults/kind.ts';
import { type NameFailure, strongestNameFailure } from '../../../names/name-failure.ts';
import { createRandom } from '../../../random.ts';
import type { CertificateFlaw } from '../../../tls/certificates.ts';
import type { AnyLink } from '../../../topology/link.ts';
import { type ActiveFault, activate } from '../../../wire/link/active-fault.ts';
import { composeFaults, headOf, selectFaults } from '../../../wire/link/intercept.ts';
import type { ConnectionCount } from '../../../wire/link/link-proxy.ts';
import type { LightRequest } from '../../fetch/request.ts';
import { LightResponse } from '../../fetch/response.ts';
import type { SimClock } from '../clock.ts';
import { type Connection, createConnectionPool } from './connections.ts';
import { networkErrors } from './errors.ts';
import { drawRoundTripMs, drawTransferMs, type NetworkModel } from './model.ts';
import { createSimExchange, type SimExchange } from './sim-exchange.ts';

/**
 * A link of the simulated world, with the semantics of the live world's (harness/wire/link/link-proxy.ts) on a network with a set-up cost:
 *
 *     caller ──► connection ──► its state ──► round trip ──► faults, first started first ──► emulator
 */
export interface SimLink {
  readonly link: AnyLink;
  /** `fetch` of a request to this link, whose signal is not aborted. */
  send(request: LightRequest, origin: URL): Promise<LightResponse>;
  begin(fault: Fault, effect: FaultEffect): void;
  end(fault: Fault): void;
  /** What callers have made up to now. */
  readonly connections: ConnectionCount;
}

export interface SimLinkOptions {
  readonly link: AnyLink;
  readonly handler: FetchHandler;
  readonly seed: number;
  readonly clock: SimClock;
  readonly model: NetworkModel;
  /** What squall's own wire adds to a live exchange, milliseconds. */
  readonly overheadMs: number;
  readonly observer: LinkObserver;
}

/** Hears what happens on a link. */
export interface LinkObserver {
  /** A request leaves its caller, wherever it gets to. @returns what hears how the exchange ends, as `onExchange` does */
  onBegin?(link: AnyLink, request: LightRequest): ((end: string) => void) | undefined;
  /** A request reaches the endpoint. @returns what hears of the answer */
  onCall?(link: AnyLink, request: LightRequest): ((response: LightResponse) => void) | undefined;
  /** An exchange is over. `end` is a status, an error's code, or `abandoned`. */
  onExchange?(link: AnyLink, startMs: number, end: string): void;
  /** Something worth telling in the report, one sentence. */
  onEvent(text: string): void;
  /** The run can't be judged. One sentence. */
  onBroken(text: string): void;
}

/** What a connection meets first: no listener, its reset, silence; and what only those meet that were open before. */
const STRONGEST_FIRST: readonly SimConnectionState[] = ['refuse', 'reset', 'blackhole', 'half-open'];

export const createSimLink = (options: SimLinkOptions): SimLink => {
  const { link, handler, seed, clock, model, overheadMs, observer } = options;
  const random = createRandom(seed, 'network', link.id);
  const pools = new Map<string, ReturnType<typeof createConnectionPool>>();
  const open = new Set<SimExchange>();
  let actives: readonly ActiveFault[] = [];
  let state: SimConnectionState | undefined;
  let nameFailure: NameFailure | undefined;
  /** What is wrong with the certificate that new connections are shown. */
  let flaw: CertificateFlaw | undefined;
  const connections = { secured: 0, plain: 0 };
  let isSecured = false;

  const poolOf = (origin: URL) => {
    const known = pools.get(origin.origin);
    if (known) return known;
    const pool = createConnectionPool(model.keepAliveMs);
    pools.set(origin.origin, pool);
    return pool;
  };

  const setUpMs = (origin: URL): number => {
    let ms = model.dnsMs;
    const roundTrips = model.tcpRoundTrips + (origin.protocol === 'https:' ? model.tlsRoundTrips : 0);
    for (let trip = 0; trip < roundTrips; trip += 1) ms += drawRoundTripMs(model, link.rttMs, random);
    return ms;
  };

  /** Asks the provider, through the faults that touch the exchange. */
  const ask = async (
    exchange: SimExchange,
    request: LightRequest,
    selected: ReturnType<typeof selectFaults>,
  ): Promise<LightResponse> => {
    const forward = async (): Promise<Response> => {
      const onAnswer = observer.onCall?.(link, request);
      const response = await handler(request as unknown as Request);
      onAnswer?.(response as unknown as LightResponse);
      return response;
    };
    const response =
      selected.length === 0
        ? await forward()
        : await composeFaults(link, selected, request.clone() as unknown as Request, exchange)(forward);
    return response as unknown as LightResponse;
  };

  const failureOf = (error: unknown): TypeError => {
    if (!(error instanceof ConnectionReset)) {
      observer.onBroken(`link ${link.id} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    return networkErrors.reset();
  };

  /** The request is at the provider's door. */
  const arrive = async (exchange: SimExchange, request: LightRequest, selected: ReturnType<typeof selectFaults>) => {
    let response: LightResponse;
    try {
      response = await ask(exchange, request, selected);
    } catch (error) {
      if (!exchange.isOver && !exchange.isLost) exchange.fail(failureOf(error));
      return;
    }
    if (exchange.isOver || exchange.isLost) return;
    response.stateLength();
    const transferMs = drawTransferMs(model, response.knownLength ?? 0, random);
    const deliver = () => exchange.answer(LightResponse.received(response, request.url));
    if (transferMs < MERGED_MS) deliver();
    else exchange.later(transferMs, deliver);
  };

  /** As the live world's resolver (harness/names/resolver.ts). @param onFound called when the fault is over by the time that it asks again */
  const lookUp = (exchange: SimExchange, origin: URL, failure: NameFailure, onFound: () => void): void => {
    const fail = (type: NameFailure['type']) => exchange.fail(networkErrors.noName(origin, type));
    if (failure.type === 'not-found') {
      exchange.later(model.dnsMs, () => fail('not-found'));
      return;
    }
    const { connectTimeoutMs } = model;
    const halfMs = failure.giveUpAfterMs / 2;
    let isFound = false;
    exchange.later(halfMs, () => {
      isFound = nameFailure === undefined;
      if (isFound) onFound();
      else if (nameFailure?.type === 'not-found') fail('not-found');
      else exchange.later(halfMs, () => fail('no-answer'));
    });
    // undici's limit is on all that making a connection takes.
    if (failure.giveUpAfterMs <= connectTimeoutMs) return;
    exchange.later(connectTimeoutMs, () => {
      if (!isFound) exchange.fail(networkErrors.connectTimeout(origin, connectTimeoutMs));
    });
  };

  /** The request sets out over its connection, whose name, if it is new, is known. */
  const leave = (exchange: SimExchange, request: LightRequest, origin: URL, isNew: boolean): void => {
    open.add(exchange);
    if (isNew && flaw && origin.protocol === 'https:') {
      exchange.later(setUpMs(origin), () => exchange.fail(networkErrors.badCertificate(origin, flaw!)));
      return;
    }
    if (isNew && state === 'refuse') {
      const afterMs = model.dnsMs + drawRoundTripMs(model, link.rttMs, random);
      exchange.later(afterMs, () => exchange.fail(networkErrors.refused(origin)));
      return;
    }
    if (state === 'reset') {
      exchange.later(drawRoundTripMs(model, link.rttMs, random), () => exchange.fail(networkErrors.reset()));
      return;
    }
    if (state === 'blackhole') {
      exchange.lose();
      if (isNew)
        exchange.later(model.connectTimeoutMs, () => exchange.fail(networkErrors.connectTimeout(origin, model.connectTimeoutMs)));
      return;
    }
    if (exchange.connection.isDead) {
      exchange.lose();
      return;
    }
    const selected = selectFaults(link, seed, actives, headOf(request as unknown as Request));
    const wayMs =
      (isNew ? setUpMs(origin) : 0) +
      drawRoundTripMs(model, link.rttMs, random) +
      drawTransferMs(model, request.knownLength ?? 0, random) +
      overheadMs;
    exchange.later(wayMs, () => void arrive(exchange, request, selected));
  };

  const send = (request: LightRequest, origin: URL): Promise<LightResponse> => {
    const pool = poolOf(origin);
    const startMs = clock.now();
    const settled = Promise.withResolvers<LightResponse>();
    let connection: Connection | undefined = pool.take(startMs);
    const isNew = connection === undefined;
    if (origin.protocol === 'https:') isSecured = true;
    if (isNew) connections[origin.protocol === 'https:' ? 'secured' : 'plain'] += 1;
    connection ??= pool.make();
    const used = connection;
    let onEnd: ((end: string) => void) | undefined;
    const exchange = createSimExchange(clock, request.givenSignal, used, (outcome) => {
      open.delete(exchange);
      // undici closes the connection of a request that is given up, and of one that failed.
      if (outcome.type === 'answer') pool.release(used, clock.now());
      else pool.close(used);
      const end = outcome.type === 'answer' ? String(outcome.response.status) : outcome.reason;
      observer.onExchange?.(link, startMs, end);
      onEnd?.(end);
      if (outcome.type === 'answer') settled.resolve(outcome.response);
      else settled.reject(outcome.error);
    });
    onEnd = observer.onBegin?.(link, request);

    if (isNew && nameFailure) lookUp(exchange, origin, nameFailure, () => leave(exchange, request, origin, isNew));
    else leave(exchange, request, origin, isNew);
    return settled.promise;
  };

  const cut = () => {
    for (const exchange of [...open]) exchange.fail(networkErrors.reset());
    for (const pool of pools.values()) pool.closeAll();
  };

  const applyState = () => {
    [flaw] = actives.flatMap(({ effect }) => effect.certificate?.(link) ?? []);
    nameFailure = strongestNameFailure(actives.flatMap(({ effect }) => effect.name?.(link) ?? []));
    const states = actives.map(({ effect }) => effect.connection?.(link) ?? effect.simConnection?.(link));
    const next = STRONGEST_FIRST.find((one) => states.includes(one));
    if (next === state) return;
    const previous = state;
    state = next;
    if (previous === 'blackhole') for (const exchange of [...open]) if (exchange.isLost) exchange.fail(networkErrors.reset());
    if (next === 'refuse' || next === 'reset') cut();
    if (next === 'blackhole') for (const exchange of open) exchange.lose();
    if (next === 'half-open') {
      for (const pool of pools.values()) for (const connection of pool.all) connection.isDead = true;
      for (const exchange of open) exchange.lose();
    }
  };

  return {
    link,
    connections,
    send,
    begin(fault, effect) {
      actives = [...actives, activate(fault, effect)];
      // As after a restart of the server that shows it.
      if (effect.certificate?.(link) && isSecured) cut();
      applyState();
    },
    end(fault) {
      const ended = actives.filter((active) => active.fault.name === fault.name);
      actives = actives.filter((active) => active.fault.name !== fault.name);
      for (const active of ended) for (const notify of [...active.onEnd]) notify();
      applyState();
    },
  };
};

/** What takes less is done at once: an event for it would cost more than it tells. Milliseconds. */
const MERGED_MS = 0.05;
