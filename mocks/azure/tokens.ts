import { base64url, calculateJwkThumbprint, errors, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';

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

/** @param tenantId the tenant's GUID */
export const createTokenAuthority = async (tenantId: string): Promise<TokenAuthority> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { modulusLength: 2048 });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const issuer = `https://sts.windows.net/${tenantId}/`;
  /** Counts expiries; a token carries the count of its day in `aio`, a claim that is Entra's own business. */
  let generation = 0;

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
      if (!isCanonical(token.slice(token.lastIndexOf('.') + 1))) return { type: 'invalid' };
      try {
        const { payload } = await jwtVerify<{ aio?: string; roles?: string[] }>(token, publicKey, {
          algorithms: ['RS256'],
          issuer,
          audience: [...audiences],
        });
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
