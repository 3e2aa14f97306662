import { urlPartsOf } from '../../../mocks/shared/url-parts.ts';
import { ConnectionReset, type Exchange } from '../../faults/kind.ts';
import type { RequestHead } from '../../faults/request-selector.ts';
import { createRandom } from '../../random.ts';
import type { ServiceLink } from '../../topology/link.ts';
import type { ActiveFault } from './active-fault.ts';
import type { OpenExchange } from './open-exchange.ts';

/** A fault's part in one exchange: stands before `forward`. */
export type Interceptor = (forward: () => Promise<Response>) => Promise<Response>;

/** What a fault needs of the exchange that it touches, in any world. */
export type FaultedExchange = Pick<OpenExchange, 'delay' | 'over'>;

/** Never resolves while the fault lasts and the caller waits: rejects when either is over. */
const lose = (active: ActiveFault, open: FaultedExchange): Promise<never> =>
  new Promise((_, reject) => {
    const atFaultEnd = () => finish(new ConnectionReset('the fault has ended'));
    const atExchangeEnd = () => finish(open.over.reason);
    const finish = (reason: unknown) => {
      active.onEnd.delete(atFaultEnd);
      open.over.removeEventListener('abort', atExchangeEnd);
      reject(reason);
    };
    if (open.over.aborted) return reject(open.over.reason);
    active.onEnd.add(atFaultEnd);
    open.over.addEventListener('abort', atExchangeEnd);
  });

/** A fault that touches one exchange, with that exchange's draws. */
export interface SelectedFault {
  readonly active: ActiveFault;
  random(): number;
}

/**
 * Draws which of the active faults touch this exchange, in the order of their starts. The draws of a fault's n-th exchange on a link
 * (of those that its `requests` picks) depend on seed, fault, link and n alone, so that what runs beside it does not change them.
 */
export const selectFaults = (
  link: ServiceLink,
  seed: number,
  actives: readonly ActiveFault[],
  head: RequestHead,
): readonly SelectedFault[] =>
  actives.flatMap((active) => {
    if (!active.effect.intercept || !active.picker.picks(head)) return [];
    const random = createRandom(seed, active.fault.name, link.id, String(active.exchanges++));
    return random() < active.fault.probability ? [{ active, random }] : [];
  });

/** Makes the selected faults stand one behind the other: the first that started is the outermost, next to the caller. */
export const composeFaults = (
  link: ServiceLink,
  selected: readonly SelectedFault[],
  request: Request,
  open: FaultedExchange,
): Interceptor => {
  const exchangeOf = ({ active, random }: SelectedFault): Exchange => ({
    link,
    request,
    elapsedMs: performance.now() - active.startedAtMs,
    forMs: active.fault.forMs,
    random,
    delay: open.delay,
    lose: () => lose(active, open),
  });
  return (forward) =>
    selected.reduceRight<() => Promise<Response>>(
      (inner, one) => () => one.active.effect.intercept!(exchangeOf(one), inner),
      forward,
    )();
};

/** What faults select by, of a request in Fetch's terms. */
export const headOf = ({ method, url, headers }: Pick<Request, 'method' | 'url' | 'headers'>): RequestHead => ({
  method,
  get path() {
    return urlPartsOf(url).path;
  },
  header: (name) => headers.get(name),
});
