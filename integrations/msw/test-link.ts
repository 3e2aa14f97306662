import { ConnectionReset, type Fault, type FaultEffect, type SimConnectionState } from '../../harness/faults/kind.ts';
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
const STRONGEST_FIRST: readonly LinkState[] = ['no-name', 'refuse', 'reset', 'blackhole', 'expired', 'wrong-host', 'half-open'];

/** How a new connection fails at once; in the other states it does not. */
const AT_ONCE: Readonly<Partial<Record<LinkState, NetworkFailure>>> = {
  'no-name': 'not-found',
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

  const applyState = () => {
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
      const failure = state && AT_ONCE[state];
      if (failure) return Promise.reject(new NetworkError(failure));
      const exchange = openTestExchange(request.signal, (over) => open.delete(over));
      open.add(exchange);
      if (state === 'blackhole') exchange.lose();
      else void ask(exchange, request);
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
