import { openScope, untilAborted } from './abort.ts';
import type { Announce } from './announce.ts';
import type { Access } from './clients/access.ts';
import { authorizers } from './clients/index.ts';
import { readSecret } from './clients/secret-store.ts';
import type { GatewayLink } from './config.ts';
import { Cancelled, LinkError, messageOf } from './errors.ts';
import type { ProviderClock } from './provider-clock.ts';

/** The access to one provider that all its links share: got at first need, and again before it expires. */
export interface AccessSource {
  /** What is held, expired or not; null before the first. */
  readonly held: Access | null;
  /**
   * What is held, if it is good and not to be renewed yet: `current` without the wait, for the many calls that have none. Null where
   * `current` is to be asked.
   */
  readonly fresh: Access | null;
  /**
   * What to ask the provider with. Waits only when nothing good is held.
   * @throws {LinkError} `credential`
   */
  current(signal: AbortSignal): Promise<Access>;
  /**
   * Reads the credential again and makes a new access of it; calls at the same time share one reading.
   * Resolves to the same object as before when the new one is equal to it.
   * @throws {LinkError} `credential`
   */
  renew(refusal?: unknown): Promise<Access>;
}

/** A secret and a token are two round trips and a signature; longer means that the other side is not there. */
const TIMEOUT_MS = 2000;
/** Between two attempts to get a first access, or to renew one in time. */
const RETRY_AFTER_MS = 500;
/** An access is renewed this long before its end, but not in the first four fifths of its life. */
const RENEW_BEFORE_MS = 60_000;
const RENEW_AFTER_SHARE = 0.8;

const inWords = (offsetMs: number): string => `${Math.round(Math.abs(offsetMs) / 1000)} s ${offsetMs < 0 ? 'behind' : 'ahead'}`;

interface Holding {
  readonly access: Access;
  /** Epoch milliseconds. */
  readonly renewAtMs: number;
}

const hold = (access: Access): Holding => {
  if (access.expiresAtMs === null) return { access, renewAtMs: Number.POSITIVE_INFINITY };
  const nowMs = Date.now();
  const lifeMs = access.expiresAtMs - nowMs;
  return { access, renewAtMs: nowMs + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs * RENEW_AFTER_SHARE) };
};

/**
 * @param link any link of the provider: says where secret store and token endpoint are
 * @param clock set by what refuses
 * @param stopped ends every reading
 */
export const createAccessSource = (
  link: GatewayLink,
  clock: ProviderClock,
  announce: Announce,
  stopped: AbortSignal,
): AccessSource => {
  const subject = `access ${link.provider}`;
  let holding: Holding | null = null;
  let reading: Promise<Access> | null = null;
  let failure: { readonly error: LinkError; readonly atMs: number } | null = null;

  /** Once more, if the first refusal is for the time of day. */
  const authorize = async (signal: AbortSignal): Promise<Access> => {
    const secret = await readSecret(link, signal);
    try {
      return await authorizers[link.provider](secret, link, signal, clock);
    } catch (error) {
      if (!clock.learn(error)) throw error;
      announce.note(`clock ${link.provider}`, `clock of ${link.provider} is ${inWords(clock.offsetMs)}`);
      return authorizers[link.provider](secret, link, signal, clock);
    }
  };

  const read = async (): Promise<Access> => {
    const scope = openScope(stopped, {
      ms: TIMEOUT_MS,
      reason: () => new LinkError('timeout', `no answer in ${TIMEOUT_MS} ms`),
    });
    try {
      const made = authorize(scope.signal);
      const access = await untilAborted(made, scope.signal);
      const held = holding?.access;
      // An equal access keeps its identity, so that who was refused with it knows that it is no other.
      holding = hold(held?.fingerprint === access.fingerprint ? held : access);
      failure = null;
      if (held) announce.well(subject, `credential of ${link.provider} obtained again`);
      else announce.note(subject, `credential of ${link.provider} obtained`);
      return holding.access;
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      const because = messageOf(error);
      failure = {
        error: new LinkError('credential', `No credential of ${link.provider}: ${because}`, { cause: error }),
        atMs: performance.now(),
      };
      announce.trouble(subject, `credential of ${link.provider} not obtained: ${because}`);
      throw failure.error;
    } finally {
      scope.close();
      reading = null;
    }
  };

  const share = (): Promise<Access> => {
    reading ??= read();
    return reading;
  };

  const hasJustFailed = () => failure !== null && performance.now() - failure.atMs < RETRY_AFTER_MS;

  const fresh = (): Access | null => (holding && Date.now() < holding.renewAtMs ? holding.access : null);

  return {
    get held() {
      return holding?.access ?? null;
    },
    get fresh() {
      return fresh();
    },
    async current(signal) {
      const held = fresh();
      if (held) return held;
      const isGood = holding && Date.now() < (holding.access.expiresAtMs ?? Number.POSITIVE_INFINITY);
      if (holding && isGood) {
        // What is held is good a while longer: nobody waits for the next, and its failure is announced.
        if (!hasJustFailed()) share().catch(() => undefined);
        return holding.access;
      }
      if (failure && hasJustFailed() && !reading) throw failure.error;
      return untilAborted(share(), signal);
    },
    renew(refusal) {
      if (clock.learn(refusal))
        announce.note(`clock ${link.provider}`, `clock of ${link.provider} is ${inWords(clock.offsetMs)}`);
      return share();
    },
  };
};
