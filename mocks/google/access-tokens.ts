import { base64url } from 'jose';

/** What an access token stands for. */
export interface AccessGrant {
  readonly scopes: readonly string[];
  readonly clientEmail: string;
  /** The key that signed the assertion. */
  readonly keyId: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** The access tokens that the token endpoint has issued. */
export interface AccessTokens {
  /** A new opaque token, `ya29.` and random characters. */
  issue(grant: AccessGrant): string;
  /** The grant of a token that is good now. */
  find(token: string): AccessGrant | undefined;
  /** Ends one token; false when it was not good any more. */
  revoke(token: string): boolean;
  /** Ends every token issued until now, and those that the service account signed itself. */
  expireAll(): void;
  /** Whether `expireAll` came at or after that time. @param issuedAtS epoch seconds, as in `iat` */
  isExpiredSince(issuedAtS: number): boolean;
}

/** Tokens that are remembered; past it the oldest is forgotten, which to its bearer looks like an expired one. */
const MAX_TOKENS = 10_000;

/** An empty ledger. @param nowMs epoch milliseconds */
export const createAccessTokens = (nowMs: () => number = Date.now): AccessTokens => {
  const grants = new Map<string, AccessGrant>();
  let expiredAllAtS = Number.NEGATIVE_INFINITY;

  const find = (token: string) => {
    const grant = grants.get(token);
    if (!grant) return undefined;
    if (nowMs() < grant.expiresAtMs) return grant;
    grants.delete(token);
    return undefined;
  };

  return {
    find,
    issue(grant) {
      const token = `ya29.c.${base64url.encode(crypto.getRandomValues(new Uint8Array(96)))}`;
      grants.set(token, grant);
      const [oldest] = grants.keys();
      if (grants.size > MAX_TOKENS && oldest !== undefined) grants.delete(oldest);
      return token;
    },
    revoke(token) {
      const isGood = find(token) !== undefined;
      grants.delete(token);
      return isGood;
    },
    expireAll() {
      grants.clear();
      expiredAllAtS = Math.floor(nowMs() / 1000);
    },
    isExpiredSince: (issuedAtS) => issuedAtS <= expiredAllAtS,
  };
};
