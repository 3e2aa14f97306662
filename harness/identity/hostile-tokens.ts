import { base64url, calculateJwkThumbprint, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import { AUDIENCE, CLIENTS, callerId, ISSUER } from './names.ts';
import { type RunIdentity, tenantsOf } from './run-identity.ts';

/** A credential that must open nothing. */
export interface HostileCredential {
  readonly kind: string;
  /** The header `authorization`; left out: there is none. */
  readonly authorization?: string;
}

const HOUR_S = 3600;
const ALGORITHM = 'RS256';

interface Made {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: JWK;
}

const publicPart = ({ kty, n, e }: JWK): JWK => ({ kty: kty!, n: n!, e: e! });

const text = (value: unknown): string => base64url.encode(new TextEncoder().encode(JSON.stringify(value)));

const replaceLast = (token: string): string => {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  return `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
};

/** HS256 with what everybody can read as its secret (RFC 8725, section 2.1). */
const confuse = (claims: JWTPayload, kid: string, key: JWK): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
    .sign(new TextEncoder().encode(JSON.stringify(publicPart(key))));

/**
 * Credentials of a run that must open nothing: each is wrong in one respect, and right in all others, signed by the issuer's own key where that is
 * not what is wrong.
 * @param nowMs `Date.now()`
 */
export const mintHostile = async (
  { directory, intruderKey }: RunIdentity,
  load: Parameters<typeof tenantsOf>[0] & { readonly model: string },
  nowMs: number,
): Promise<readonly HostileCredential[]> => {
  const key = directory.keys[0]!;
  const kid = await calculateJwkThumbprint(publicPart(key));
  const nowS = Math.floor(nowMs / 1000);
  const caller = callerId(tenantsOf(load)[0]!);
  const scope = `predict:${load.model}`;
  const tenant = tenantsOf(load)[0]!;
  let made = 0;

  const claimsOf = (changed: Readonly<Record<string, unknown>> = {}): JWTPayload => {
    made += 1;
    return {
      iss: ISSUER,
      aud: AUDIENCE,
      sub: caller,
      client_id: caller,
      scope,
      ...(tenant === '' ? {} : { tenant }),
      iat: nowS - 10,
      nbf: nowS - 10,
      exp: nowS + HOUR_S,
      jti: `hostile-${made}`,
      ...changed,
    };
  };
  const sign = async ({ claims, header, key: by = key }: Made): Promise<string> =>
    new SignJWT(claimsOf(claims))
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid, ...header })
      .sign(await importJWK(by, ALGORITHM));
  const ofClient = (id: string, scopes: string) => ({ claims: { sub: id, client_id: id, scope: scopes, tenant: undefined } });

  const good = await sign({});
  const [header, , signature] = good.split('.') as [string, string, string];
  const by: Readonly<Record<string, string | undefined>> = {
    'no-token': undefined,
    'forged-signature': replaceLast(good),
    'foreign-key': await sign({ key: intruderKey }),
    'key-in-header': await sign({ key: intruderKey, header: { jwk: publicPart(intruderKey) } }),
    'alg-none': `${text({ alg: 'none', typ: 'at+jwt', kid })}.${text(claimsOf())}.`,
    'alg-confusion': await confuse(claimsOf(), kid, key),
    'tampered-payload': `${header}.${text(claimsOf({ scope: 'predict admin' }))}.${signature}`,
    'wrong-audience': await sign({ claims: { aud: 'https://elsewhere.squall.test' } }),
    'wrong-issuer': await sign({ claims: { iss: 'https://issuer.elsewhere.test' } }),
    'wrong-type': await sign({ header: { typ: 'JWT' } }),
    expired: await sign({ claims: { iat: nowS - 2 * HOUR_S, nbf: nowS - 2 * HOUR_S, exp: nowS - HOUR_S } }),
    'not-yet-valid': await sign({ claims: { nbf: nowS + HOUR_S, exp: nowS + 2 * HOUR_S } }),
    'revoked-client': await sign(ofClient(CLIENTS.former, scope)),
    'no-privilege': await sign(ofClient(CLIENTS.idle, 'read')),
    'other-model': await sign(ofClient(CLIENTS.elsewhere, 'predict:another')),
  };
  return Object.entries(by).map(([kind, token]) => ({
    kind,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }));
};
