import { openScope, sleep, untilAborted } from './abort.ts';
import type { Announce } from './announce.ts';
import type { Design } from './config.ts';
import { LinkError, messageOf } from './errors.ts';

/** Health of links, by predictions that no caller asked for. */
export interface HealthChecks {
  /** True until checks have said otherwise. */
  isHealthy(linkId: string): boolean;
  /** Begins to check every link at once, and then in the interval. */
  start(): void;
}

/** A link, as it is checked. */
export interface Checked {
  readonly id: string;
  /** Asks for a prediction. */
  check(signal: AbortSignal): Promise<unknown>;
}

interface Standing {
  isHealthy: boolean;
  /** Results in a row that speak against the present standing. */
  contrary: number;
}

/**
 * Each link is checked on its own: one that does not answer holds up no other.
 * @param verdictOf what a failed check says of the link: false that it is dead, true that it is alive all the same, null nothing
 * @param stopped ends the checks
 */
export const createHealthChecks = (
  policy: Design['healthChecks'],
  links: readonly Checked[],
  verdictOf: (error: unknown) => boolean | null,
  announce: Announce,
  stopped: AbortSignal,
): HealthChecks => {
  if (policy === false) return { isHealthy: () => true, start: () => undefined };
  const standings = new Map<string, Standing>(links.map(({ id }) => [id, { isHealthy: true, contrary: 0 }]));

  const judge = (id: string, isGood: boolean, why: string) => {
    const standing = standings.get(id)!;
    standing.contrary = isGood === standing.isHealthy ? 0 : standing.contrary + 1;
    if (standing.contrary < (standing.isHealthy ? policy.unhealthyThreshold : policy.healthyThreshold)) return;
    standing.isHealthy = isGood;
    standing.contrary = 0;
    if (isGood) announce.well(`health ${id}`, `link ${id} healthy`);
    else announce.trouble(`health ${id}`, `link ${id} unhealthy: ${why}`);
  };

  const checkOnce = async (link: Checked) => {
    const reason = () => new LinkError('timeout', `No answer in ${policy.timeoutMs} ms.`);
    const scope = openScope(stopped, { ms: policy.timeoutMs, reason });
    try {
      await untilAborted(link.check(scope.signal), scope.signal);
      judge(link.id, true, '');
    } catch (error) {
      const verdict = stopped.aborted ? null : verdictOf(error);
      if (verdict !== null) judge(link.id, verdict, messageOf(error));
    } finally {
      scope.close();
    }
  };

  /** Drawn only where it is to be: a draw more would change all that follow it in a seeded run. */
  const nextIntervalMs = (): number =>
    policy.jitter === 0 ? policy.intervalMs : policy.intervalMs * (1 + policy.jitter * (2 * Math.random() - 1));

  const keepChecking = async (link: Checked) => {
    while (!stopped.aborted) {
      const startedAtMs = performance.now();
      await checkOnce(link);
      const elapsedMs = performance.now() - startedAtMs;
      await sleep(Math.max(0, nextIntervalMs() - elapsedMs), stopped);
    }
  };

  return {
    isHealthy: (linkId) => standings.get(linkId)?.isHealthy ?? true,
    start() {
      // The only error that ends the loop is the stop itself.
      for (const link of links) keepChecking(link).catch(() => undefined);
    },
  };
};
