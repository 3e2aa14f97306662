import {
  base64url,
  calculateJwkThumbprint,
  errors,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';

/** `expires_in` of an application's token, seconds. */
export const TOKEN_LIFETIME_S = 3599;

/** Entra dates a token this far back, so that a resource whose clock is slow takes it. */
const BACKDATED_S = 300;

export interface TokenGrant {
  readonly audience: string;
  readonly clientId: string;
  readonly objectId: string;
  readonly roles: readonly string[];
}

/** What a resource learns from a token. */
export type TokenCheck =
  | { readonly type: 'good'; readonly roles: readonly string[] }
  | { readonly type: 'expired' | 'wrong-audience' | 'invalid' };

/** Signs a tenant's access tokens, and checks them. */
export interface TokenAuthority {
  /** The public key, as the JWKS endpoint publishes it. */
  readonly publicJwk: JWK;
  /** A signed JWT with the claims of an application's version 1.0 token: the version that Azure's own resources take. */
  issue(grant: TokenGrant): Promise<string>;
  verify(token: string, audiences: readonly string[]): Promise<TokenCheck>;
  /** Every token issued until now is expired. */
  expireAll(): void;
}

/**
 * The signature covers a token's first two parts as text, but the last only as bytes, and base64url can write the same bytes in
 * more ways than one: only the one that the issuer wrote is taken.
 */
const isCanonical = (part: string): boolean => {
  try {
    return base64url.encode(base64url.decode(part)) === part;
  } catch {
    return false;
  }
};

const reasonOf = (error: unknown): 'expired' | 'wrong-audience' | 'invalid' => {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') return 'wrong-audience';
  return 'invalid';
};

type Claims = JWTPayload & { readonly aio?: string; readonly roles?: readonly string[] };

/** What a token says, once its signature and issuer have been found right: no text of a token comes to say something else. */
interface Verified {
  readonly audience: unknown;
  /** Epoch seconds. */
  readonly notBeforeS: number;
  readonly expiresS: number;
  readonly generation: string | undefined;
  readonly roles: readonly string[];
}

/** Tokens that are remembered; past it the oldest is forgotten, and verified anew when it comes again. */
const MAX_VERIFIED = 1000;

/** @param tenantId the tenant's GUID */
export const createTokenAuthority = async (tenantId: string): Promise<TokenAuthority> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { modulusLength: 2048 });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const issuer = `https://sts.windows.net/${tenantId}/`;
  /** Counts expiries; a token carries the count of its day in `aio`, a claim that is Entra's own business. */
  let generation = 0;
  const verified = new Map<string, Verified>();

  const remember = (token: string, { aud, nbf, exp, aio, roles = [] }: Claims): void => {
    verified.set(token, {
      audience: aud,
      notBeforeS: nbf ?? Number.NEGATIVE_INFINITY,
      expiresS: exp ?? Number.POSITIVE_INFINITY,
      generation: aio,
      roles,
    });
    const [oldest] = verified.keys();
    if (verified.size > MAX_VERIFIED && oldest !== undefined) verified.delete(oldest);
  };

  /** Undefined where there is any doubt: then all of the token is looked at, which says what is wrong with it. */
  const recall = (token: string, audiences: readonly string[]): TokenCheck | undefined => {
    const known = verified.get(token);
    const nowS = Math.floor(Date.now() / 1000);
    if (!known || nowS < known.notBeforeS || nowS >= known.expiresS || known.generation !== `${generation}`) return undefined;
    return audiences.some((audience) => audience === known.audience) ? { type: 'good', roles: known.roles } : undefined;
  };

  return {
    publicJwk: { ...jwk, use: 'sig', kid, x5t: kid },

    issue({ audience, clientId, objectId, roles }) {
      const nowS = Math.floor(Date.now() / 1000);
      const issuedAtS = nowS - BACKDATED_S;
      return new SignJWT({
        aio: `${generation}`,
        appid: clientId,
        appidacr: '1',
        idp: issuer,
        idtyp: 'app',
        oid: objectId,
        ...(roles.length > 0 ? { roles: [...roles] } : {}),
        sub: objectId,
        tid: tenantId,
        uti: crypto.randomUUID(),
        ver: '1.0',
      })
        .setProtectedHeader({ typ: 'JWT', alg: 'RS256', x5t: kid, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAtS)
        .setNotBefore(issuedAtS)
        .setExpirationTime(nowS + TOKEN_LIFETIME_S)
        .sign(privateKey);
    },

    async verify(token, audiences) {
      const recalled = recall(token, audiences);
      if (recalled) return recalled;
      if (!isCanonical(token.slice(token.lastIndexOf('.') + 1))) return { type: 'invalid' };
      try {
        const { payload } = await jwtVerify<Claims>(token, publicKey, {
          algorithms: ['RS256'],
          issuer,
          audience: [...audiences],
        });
        remember(token, payload);
        return payload.aio === `${generation}` ? { type: 'good', roles: payload.roles ?? [] } : { type: 'expired' };
      } catch (error) {
        return { type: reasonOf(error) };
      }
    },

    expireAll() {
      generation += 1;
    },
  };
};
