import { base64url, errors, exportJWK, generateKeyPair, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';

/**
 * Life of an access token, seconds: `expires_in` of IAM's answers as public code records them, and the most that an account can set
 * (`system_access_token_expiration_in_seconds` of the account settings, 900 to 3600, as IBM's Terraform provider documents it).
 */
export const ACCESS_LIFETIME_S = 3600;

/** Life of a refresh token: three days, milliseconds. Source: `system_refresh_token_expiration_in_seconds` in the same place, 900 to 259200. */
const REFRESH_LIFETIME_MS = 72 * 3_600_000;

/** `iss` of every token, whichever host issued it. */
export const ISSUER = 'https://iam.cloud.ibm.com/identity';

export interface TokenSubject {
  readonly accountId: string;
  /** E.g. `iam-ServiceId-...`. */
  readonly iamId: string;
}

export interface AccessToken {
  readonly token: string;
  /** Epoch seconds. */
  readonly expiresAtS: number;
}

export type TokenCheck = 'good' | 'expired' | 'invalid';

/** Signs IAM's tokens, and checks them as IBM's services do. */
export interface TokenAuthority {
  /** The public key as `/identity/keys` publishes it. */
  readonly jwk: JWK;
  issue(subject: TokenSubject, grantType: string): Promise<AccessToken>;
  check(token: string): Promise<TokenCheck>;
  /** Opaque; good for three days. */
  issueRefreshToken(): string;
  checkRefreshToken(token: string): TokenCheck;
  /** Every token issued until now is expired. */
  expireAll(): void;
  /** Every token issued until now is invalid. */
  revokeAll(): void;
}

const MAX_REMEMBERED = 1000;

const forgetOldest = (entries: Map<string, unknown>): void => {
  const [oldest] = entries.keys();
  if (entries.size > MAX_REMEMBERED && oldest !== undefined) entries.delete(oldest);
};

/** Base64url can write the same signature in more ways than one; only the one that the issuer wrote is taken. */
const isCanonical = (part: string): boolean => {
  try {
    return base64url.encode(base64url.decode(part)) === part;
  } catch {
    return false;
  }
};

type Claims = JWTPayload & { readonly session_id?: string };

interface Verified {
  readonly session: string;
  /** Epoch seconds. */
  readonly expiresAtS: number;
}

/** With a key pair of its own. */
export const createTokenAuthority = async (): Promise<TokenAuthority> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { modulusLength: 2048 });
  // IAM names its keys by the minute they were made.
  const kid = new Date().toISOString().replace(/\D/g, '').slice(0, 12);
  const jwk: JWK = { ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig', kid };
  const verified = new Map<string, Verified>();
  const refreshTokens = new Map<string, { readonly session: string; readonly expiresAtMs: number }>();
  const openSession = () => `C-${crypto.randomUUID()}`;
  /** Tokens belong to the session that was open when they were issued; an ended session says how its tokens ended. */
  let session = openSession();
  const ended = new Map<string, 'expired' | 'invalid'>();

  const endAll = (as: 'expired' | 'invalid'): void => {
    if (as === 'invalid') for (const past of ended.keys()) ended.set(past, as);
    ended.set(session, as);
    forgetOldest(ended);
    session = openSession();
  };

  const stateOf = (of: string): TokenCheck => (of === session ? 'good' : (ended.get(of) ?? 'invalid'));

  return {
    jwk,

    async issue({ accountId, iamId }, grantType) {
      const issuedAtS = Math.floor(Date.now() / 1000);
      const expiresAtS = issuedAtS + ACCESS_LIFETIME_S;
      const name = iamId.replace(/^iam-/, '');
      const token = await new SignJWT({
        iam_id: iamId,
        id: iamId,
        realmid: 'iam',
        session_id: session,
        identifier: name,
        sub_type: 'ServiceId',
        authn: { sub: name, iam_id: iamId, sub_type: 'ServiceId', name: 'squall' },
        account: { valid: true, bss: accountId, frozen: true },
        grant_type: grantType,
        scope: 'ibm openid',
        client_id: 'default',
        acr: 1,
        amr: ['pwd'],
      })
        .setProtectedHeader({ kid, alg: 'RS256' })
        .setIssuer(ISSUER)
        .setSubject(name)
        .setJti(crypto.randomUUID())
        .setIssuedAt(issuedAtS)
        .setExpirationTime(expiresAtS)
        .sign(privateKey);
      return { token, expiresAtS };
    },

    async check(token) {
      const nowS = Math.floor(Date.now() / 1000);
      const known = verified.get(token);
      if (known) return nowS < known.expiresAtS ? stateOf(known.session) : 'expired';
      if (!isCanonical(token.slice(token.lastIndexOf('.') + 1))) return 'invalid';
      try {
        const { payload } = await jwtVerify<Claims>(token, publicKey, {
          algorithms: ['RS256'],
          issuer: ISSUER,

          requiredClaims: ['exp', 'iat', 'session_id'],
        });
        const { session_id: of = '', exp = 0 } = payload;
        verified.set(token, { session: of, expiresAtS: exp });
        forgetOldest(verified);
        return stateOf(of);
      } catch (error) {
        return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
      }
    },

    issueRefreshToken() {
      const token = `OK${base64url.encode(crypto.getRandomValues(new Uint8Array(288)))}`;
      refreshTokens.set(token, { session, expiresAtMs: Date.now() + REFRESH_LIFETIME_MS });
      forgetOldest(refreshTokens);
      return token;
    },

    checkRefreshToken(token) {
      const grant = refreshTokens.get(token);
      if (!grant) return 'invalid';
      return Date.now() < grant.expiresAtMs ? stateOf(grant.session) : 'expired';
    },

    expireAll: () => endAll('expired'),
    revokeAll: () => endAll('invalid'),
  };
};
