import type { Design } from '../design/policies.ts';
import { Refused } from '../errors.ts';
import { type Authorize, createAuthorize } from './authorize.ts';
import type { IdentityConfig } from './config.ts';
import type { IssuerClient, Standing } from './issuer-client.ts';
import { createKeySet, IssuerUnavailable } from './key-set.ts';
import type { Action } from './policies.ts';
import { verifyToken } from './verify-token.ts';

export type IdentityPolicy = Exclude<Design['identity'], false>;

/** Who calls, as its token and the issuer have it. */
export interface Principal {
  readonly subject: string;
  /** Empty for nobody's. */
  readonly tenant: string;
}

/** How a request says who makes it. */
export interface Credentials {
  /** The header `authorization`; null where there is none. */
  readonly authorization: string | null;
  /** In place of a token: whom somebody who may has seen to be the caller before. */
  readonly subject?: string;
}

/** What it is about. */
export interface Asked {
  readonly action: Action;
  /** Left out: the stack itself. */
  readonly model?: string;
  /** On whose behalf the request says that it comes; left out or empty: it does not say, which means its caller's own. */
  readonly tenant?: string;
}

/** Lets in who may. */
export interface Guard {
  /**
   * Who makes a request, if it may: at once where its token is known already.
   * @throws {Refused} `unauthenticated` or `forbidden`; {IssuerUnavailable}; thrown, or as a rejection
   */
  admit(credentials: Credentials, asked: Asked): Principal | Promise<Principal>;
  /** Fetches what it needs of the issuer; never rejects. */
  warm(): Promise<void>;
}

/** A token, or a subject, that was found right, and what the issuer last said of it. */
interface Known {
  readonly question: { readonly token: string } | { readonly subject: string };
  readonly subject: string;
  readonly notBeforeMs: number;
  readonly expiresAtMs: number;
  standing: Standing;
  /** When the issuer last vouched for it, by `Date.now()`. */
  vouchedAtMs: number;
  asking: Promise<void> | undefined;
}

/** Past it the one that was used least recently is forgotten, and verified anew when it comes again. */
const MAX_KNOWN = 4096;
/** RFC 6750, section 2.1; the scheme's case does not matter (RFC 9110, section 11.1). Two headers that were joined have a comma. */
const BEARER = /^bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** The issuer may be starting, too: so often it is asked, and so far apart, before anybody comes. */
const WARM_TRIES = 20;
const WARM_EVERY_MS = 100;

/** While the issuer is silent it is asked so often, milliseconds. */
const ASK_AGAIN_MS = 1000;

export const createGuard = (
  policy: IdentityPolicy,
  { issuer, audience }: Pick<IdentityConfig, 'issuer' | 'audience'>,
  client: IssuerClient,
  authorize: Authorize = createAuthorize(),
): Guard => {
  const keys = createKeySet(policy, client.keys);
  const known = new Map<string, Known>();
  const { leewayMs, revocationBoundMs, revocationStaleMs } = policy;
  let silentSinceMs = Number.NEGATIVE_INFINITY;

  const put = (key: string, one: Known): Known => {
    known.delete(key);
    known.set(key, one);
    if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!);
    return one;
  };

  /** Asks the issuer what has become of it; what cannot be learnt stays as it was. */
  const ask = (one: Known): Promise<void> => {
    const askedAtMs = Date.now();
    one.asking ??= client
      .standingOf(one.question)
      .then(
        (standing) => {
          one.standing = standing;
          // Vouched for when it was asked at the latest: the answer may be older than its arrival.
          one.vouchedAtMs = askedAtMs;
          silentSinceMs = Number.NEGATIVE_INFINITY;
        },
        () => {
          silentSinceMs = Date.now();
        },
      )
      .finally(() => {
        one.asking = undefined;
      });
    return one.asking;
  };

  /** Whether what is known of it is new enough; asks ahead of time, so that nobody has to wait. */
  const isFresh = (one: Known): boolean => {
    const ageMs = Date.now() - one.vouchedAtMs;
    if (ageMs <= revocationBoundMs / 2) return true;
    const isSilent = Date.now() - silentSinceMs < ASK_AGAIN_MS;
    if (!isSilent) void ask(one);
    // An issuer that is silent is not waited for: what it said last holds for a while.
    return ageMs <= revocationBoundMs || (silentSinceMs > Number.NEGATIVE_INFINITY && ageMs <= revocationStaleMs);
  };

  const settle = async (one: Known): Promise<Known> => {
    if (isFresh(one)) return one;
    await ask(one);
    if (isFresh(one)) return one;
    throw new IssuerUnavailable('The issuer does not say whether the token is still good.');
  };

  const judge = (
    { subject, standing, notBeforeMs, expiresAtMs }: Known,
    { action, model = '', tenant = '' }: Asked,
  ): Principal => {
    const nowMs = Date.now();
    if (nowMs >= expiresAtMs + leewayMs || nowMs < notBeforeMs - leewayMs)
      throw new Refused('unauthenticated', 'The token has expired.');
    if (!standing.isActive) throw new Refused('unauthenticated', 'The token was revoked.');
    const namedTenant = tenant === '' ? standing.tenant : tenant;
    const question = { subject, tenant: standing.tenant, scopes: standing.scopes, action, model, namedTenant };
    if (!authorize(question)) throw new Refused('forbidden', `${subject} may not do that.`);
    return { subject, tenant: standing.tenant };
  };

  const learnToken = async (token: string): Promise<Known> => {
    const { subject, tenant, scopes, issuedAtMs, notBeforeMs, expiresAtMs } = await verifyToken(token, {
      issuer,
      audience,
      leewayMs,
      keys,
    });
    const standing = { isActive: true, scopes, tenant };
    // The issuer vouched for it when it made it, by the issuer's clock: by ours that was no later than now.
    const vouchedAtMs = Math.min(issuedAtMs, Date.now());
    return put(token, { question: { token }, subject, notBeforeMs, expiresAtMs, standing, vouchedAtMs, asking: undefined });
  };

  const learnSubject = (subject: string): Known =>
    put(`\n${subject}`, {
      question: { subject },
      subject,
      notBeforeMs: Number.NEGATIVE_INFINITY,
      expiresAtMs: Number.POSITIVE_INFINITY,
      standing: { isActive: false, scopes: [], tenant: '' },
      vouchedAtMs: Number.NEGATIVE_INFINITY,
      asking: undefined,
    });

  const readToken = (authorization: string | null): string => {
    if (authorization === null) throw new Refused('unauthenticated', 'The request bears no token.');
    const [, token] = BEARER.exec(authorization) ?? [];
    if (token === undefined) throw new Refused('unauthenticated', 'The header authorization holds no single bearer token.');
    return token;
  };

  return {
    admit({ authorization, subject }, asked) {
      if (subject !== undefined) {
        return settle(known.get(`\n${subject}`) ?? learnSubject(subject)).then((one) => judge(one, asked));
      }
      const token = readToken(authorization);
      const one = known.get(token);
      if (!one)
        return learnToken(token)
          .then(settle)
          .then((learnt) => judge(learnt, asked));
      if (isFresh(one)) return judge(put(token, one), asked);
      return settle(one).then((settled) => judge(settled, asked));
    },
    async warm() {
      for (let tries = 0; tries < WARM_TRIES && !(await keys.warm()); tries += 1) {
        await new Promise((resolve) => void setTimeout(resolve, WARM_EVERY_MS));
      }
    },
  };
};
