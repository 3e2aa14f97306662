import { openScope, sleep, untilAborted } from './abort.ts';
import type { Announce } from './announce.ts';
import type { GatewayLink } from './config.ts';
import { LinkError, messageOf } from './errors.ts';
import { callUsd } from './unit-price.ts';

/** Prices in force, as the providers' price endpoints say. */
export interface PriceWatch {
  /**
   * What 1,000 more predictions would cost, US dollars; undefined until the price endpoint has answered once. The last price holds while it
   * does not.
   */
  usdPer1k(linkId: string): number | undefined;
  /** Price of an instance hour in force, US dollars; undefined as above. */
  usdPerHour(linkId: string): number | undefined;
  /** Begins to ask for every link's price at once, and then in the interval. */
  start(): void;
}

/** A link, as its price is watched. */
export interface Priced {
  readonly config: GatewayLink;
  /** US dollars an instance hour. */
  price(signal: AbortSignal): Promise<number>;
}

/** A price endpoint that takes longer is not there. */
const TIMEOUT_MS = 2000;

/**
 * @param refreshMs between two questions; null watches nothing
 * @param onReading hears that a link's price has been read, and whether it is another than before
 * @param stopped ends the watch
 */
export const createPriceWatch = (
  refreshMs: number | null,
  links: readonly Priced[],
  onReading: (linkId: string, hasChanged: boolean) => void,
  announce: Announce,
  stopped: AbortSignal,
): PriceWatch => {
  const prices = new Map<string, { readonly usdPerHour: number; readonly usdPer1k: number }>();

  const askOnce = async ({ config, price }: Priced) => {
    const { id } = config;
    const reason = () => new LinkError('timeout', `No answer in ${TIMEOUT_MS} ms.`);
    const scope = openScope(stopped, { ms: TIMEOUT_MS, reason });
    try {
      const usdPerHour = await untilAborted(price(scope.signal), scope.signal);
      const hasChanged = usdPerHour !== prices.get(id)?.usdPerHour;
      prices.set(id, { usdPerHour, usdPer1k: callUsd(usdPerHour, config) * 1000 });
      announce.well(`price ${id}`, `price of ${id} known again`);
      onReading(id, hasChanged);
    } catch (error) {
      if (stopped.aborted) return;
      const stale = prices.has(id) ? 'the last one holds' : 'there is none yet';
      announce.trouble(`price ${id}`, `price of ${id} not known, ${stale}: ${messageOf(error)}`);
    } finally {
      scope.close();
    }
  };

  const keepAsking = async (link: Priced, intervalMs: number) => {
    while (!stopped.aborted) {
      const startedAtMs = performance.now();
      await askOnce(link);
      await sleep(Math.max(0, intervalMs - (performance.now() - startedAtMs)), stopped);
    }
  };

  return {
    usdPer1k: (linkId) => prices.get(linkId)?.usdPer1k,
    usdPerHour: (linkId) => prices.get(linkId)?.usdPerHour,
    start() {
      if (refreshMs === null) return;
      for (const link of links) keepAsking(link, refreshMs).catch(() => undefined);
    },
  };
};
