import { untilAborted } from './abort.ts';
import type { AccessSource } from './access-source.ts';
import type { Announce } from './announce.ts';
import type { AttemptTimeout } from './attempt-timeout.ts';
import type { Access } from './clients/access.ts';
import type { Design } from './config.ts';
import { LinkError, messageOf } from './errors.ts';

/** Runs calls to one provider with the access to it. */
export interface CredentialRefresh {
  /**
   * Runs the call; when the provider refuses the credential, gets a new access and runs it once more.
   * @param user who calls, e.g. a link's id: a refusal is remembered for each
   * @param limit bounds each call, and each wait for an access
   */
  run<Result>(
    user: string,
    call: (access: Access, signal: AbortSignal) => Promise<Result>,
    signal: AbortSignal,
    limit: AttemptTimeout,
  ): Promise<Result>;
  /** The user's last call was refused with the access that is still held, and it is not time yet to get another. */
  isRefused(user: string): boolean;
}

const isRefusal = (error: unknown): error is LinkError => error instanceof LinkError && error.kind === 'credential';

/** Without the policy: what is held is used until it expires, refused or not. */
const withoutRefresh = (source: AccessSource): CredentialRefresh => ({
  run(_user, call, signal, limit) {
    const { fresh } = source;
    return limit(async (limited) => call(fresh ?? (await source.current(limited)), limited), signal);
  },
  isRefused: () => false,
});

/**
 * Credential refresh on refusal: single-flight, at most once in the minimum interval. While the secret store still has the dead
 * credential, one call in each interval tries again, and `isRefused` keeps the others away.
 */
export const createCredentialRefresh = (
  policy: Design['credentialRefresh'],
  provider: string,
  source: AccessSource,
  announce: Announce,
): CredentialRefresh => {
  if (policy === false) return withoutRefresh(source);
  const refused = new Map<string, { readonly access: Access; readonly refusal: LinkError }>();
  let startedAtMs = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<Access> | null = null;

  const isRefreshDue = () => performance.now() - startedAtMs >= policy.minIntervalMs;

  const renew = async (refusal: LinkError): Promise<Access> => {
    const before = source.held;
    try {
      const access = await source.renew(refusal);
      if (access === before)
        announce.trouble(`refresh ${provider}`, `credential of ${provider} refused, and no other is to be had`);
      else announce.note(`refresh ${provider}`, `credential of ${provider} refreshed`);
      return access;
    } catch (error) {
      announce.trouble(`refresh ${provider}`, `credential of ${provider} refused, and not refreshed: ${messageOf(error)}`);
      throw error;
    } finally {
      refreshing = null;
    }
  };

  /** @throws the refusal, when there is no other access to be had now */
  const refresh = async (refusal: LinkError, signal: AbortSignal, limit: AttemptTimeout): Promise<Access> => {
    if (!refreshing) {
      if (!isRefreshDue()) throw refusal;
      startedAtMs = performance.now();
      refreshing = renew(refusal);
      refreshing.catch(() => undefined);
    }
    const shared = refreshing;
    try {
      return await limit((limited) => untilAborted(shared, limited), signal);
    } catch {
      signal.throwIfAborted();
      throw refusal;
    }
  };

  return {
    async run(user, call, signal, limit) {
      let access = source.fresh ?? (await limit((limited) => source.current(limited), signal));
      // Known to be refused: a new one first, and then one call, even if none is to be had: the provider may have changed its mind.
      const before = refused.get(user);
      let isLastCall = before?.access === access;
      if (before && isLastCall) {
        const refusal = new LinkError('credential', `${user} refuses the credential.`, { cause: before.refusal });
        access = await refresh(refusal, signal, limit);
      }
      for (;;) {
        const used = access;
        try {
          const result = await limit((limited) => call(used, limited), signal);
          refused.delete(user);
          return result;
        } catch (error) {
          if (!isRefusal(error)) throw error;
          refused.set(user, { access: used, refusal: error });
          if (isLastCall) throw error;
          const other = source.held === used ? await refresh(error, signal, limit) : source.held;
          if (other === null || other === used) throw error;
          access = other;
          isLastCall = true;
        }
      }
    },
    isRefused(user) {
      const access = refused.get(user)?.access;
      return access !== undefined && access === source.held && (refreshing !== null || !isRefreshDue());
    },
  };
};
