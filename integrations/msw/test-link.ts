import { ConnectionReset, type Fault, type FaultEffect, type SimConnectionState } from '../../harness/faults/kind.ts';
import { type NameFailure, strongestNameFailure } from '../../harness/names/name-failure.ts';
import type { CertificateFlaw } from '../../harness/tls/certificates.ts';
import type { ServiceLink } from '../../harness/topology/link.ts';
import { type ActiveFault, activate } from '../../harness/wire/link/active-fault.ts';
import { composeFaults, headOf, selectFaults } from '../../harness/wire/link/intercept.ts';
import type { FetchHandler } from '../../mocks/emulator.ts';
import { NetworkError, type NetworkFailure } from './network-error.ts';
import { openTestExchange, type TestExchange } from './test-exchange.ts';

/**
 * A link without sockets: msw hands requests in, and each is a connection of its own.
 *
 *     caller ──► msw ──► connection state ──► faults, first started first ──► emulator
 */
export interface TestLink {
  readonly link: ServiceLink;
  /** Rejects with a `NetworkError` where a fault ends the exchange below HTTP. */
  send(request: Request): Promise<Response>;
  begin(fault: Fault, effect: FaultEffect): void;
  end(fault: Fault): void;
}

export interface TestLinkOptions {
  readonly link: ServiceLink;
  readonly handler: FetchHandler;
  readonly seed: number;
}

/** What a new connection meets: a state of connections, or a flaw of the server's certificate. */
type LinkState = SimConnectionState | CertificateFlaw;

/** Which of several faults' states holds: what a connection meets first. */
const STRONGEST_FIRST: readonly LinkState[] = ['refuse', 'reset', 'blackhole', 'expired', 'wrong-host', 'half-open'];

/** How a new connection fails at once; in the other states it does not. */
const AT_ONCE: Readonly<Partial<Record<LinkState, NetworkFailure>>> = {
  refuse: 'refused',
  reset: 'reset',
  expired: 'expired-certificate',
  'wrong-host': 'wrong-host-certificate',
};

/** States that cut what is open when they begin. */
const CUTS: readonly (LinkState | undefined)[] = ['refuse', 'reset', 'expired', 'wrong-host'];
/** States that what is open when they begin is lost in. */
const LOSES: readonly (LinkState | undefined)[] = ['blackhole', 'half-open'];

export const createTestLink = ({ link, handler, seed }: TestLinkOptions): TestLink => {
  const open = new Set<TestExchange>();
  let actives: readonly ActiveFault[] = [];
  let state: LinkState | undefined;
  let nameFailure: NameFailure | undefined;

  const ask = async (exchange: TestExchange, request: Request) => {
    const selected = selectFaults(link, seed, actives, headOf(request));
    try {
      const response =
        selected.length === 0
          ? await handler(request)
          : await composeFaults(link, selected, request.clone(), exchange)(() => handler(request));
      if (!exchange.isLost) exchange.answer(response);
    } catch (error) {
      if (!exchange.isLost) exchange.fail(error instanceof ConnectionReset ? new NetworkError('reset') : error);
    }
  };

  const connect = (exchange: TestExchange, request: Request) => {
    const failure = state && AT_ONCE[state];
    if (failure) return exchange.fail(new NetworkError(failure));
    open.add(exchange);
    if (state === 'blackhole') exchange.lose();
    else void ask(exchange, request);
  };

  /** As a resolver does it (harness/names/resolver.ts). */
  const lookUp = async (exchange: TestExchange, request: Request, failure: NameFailure) => {
    try {
      if (failure.type === 'not-found') throw new NetworkError('not-found');
      await exchange.delay(failure.giveUpAfterMs / 2);
      if (!nameFailure) return connect(exchange, request);
      if (nameFailure.type === 'no-answer') await exchange.delay(failure.giveUpAfterMs / 2);
      throw new NetworkError(nameFailure.type);
    } catch (error) {
      exchange.fail(error);
    }
  };

  const applyState = () => {
    nameFailure = strongestNameFailure(actives.flatMap(({ effect }) => effect.name?.(link) ?? []));
    const states = actives.flatMap(({ effect }) => [
      effect.connection?.(link),
      effect.simConnection?.(link),
      effect.certificate?.(link),
    ]);
    const next = STRONGEST_FIRST.find((one) => states.includes(one));
    if (next === state) return;
    // A connection that a black hole has swallowed is cut when it ends; of a half-open one nobody hears any more.
    if (state === 'blackhole') for (const exchange of [...open]) if (exchange.isLost) exchange.fail(new NetworkError('reset'));
    state = next;
    if (CUTS.includes(next)) for (const exchange of [...open]) exchange.fail(new NetworkError('reset'));
    if (LOSES.includes(next)) for (const exchange of open) exchange.lose();
  };

  return {
    link,
    send(request) {
      const exchange = openTestExchange(request.signal, (over) => open.delete(over));
      if (nameFailure) void lookUp(exchange, request, nameFailure);
      else connect(exchange, request);
      return exchange.outcome;
    },
    begin(fault, effect) {
      actives = [...actives, activate(fault, effect)];
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
