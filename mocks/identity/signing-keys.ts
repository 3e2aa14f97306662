import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** A key pair of the issuer. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** As the JWKS endpoint publishes it (RFC 7517). */
  readonly publicJwk: JWK;
}

/**
 * The keys of an issuer: the one that signs, the next one, and former ones whose tokens may still be about. The next is published before it
 * signs, so that whoever has fetched the set not long ago can verify what comes after a rotation.
 */
export interface SigningKeys {
  readonly current: SigningKey;
  /** All that are good now, the current one first. */
  all(nowMs: number): readonly SigningKey[];
  /** The next key signs from now on; the former is good until then. */
  rotate(formerUntilMs: number): Promise<void>;
  /** Former keys are good no longer. */
  retire(): void;
}

export const ALGORITHM = 'RS256';

const MODULUS_BITS = 2048;

const asSigningKey = async (privateJwk: JWK): Promise<SigningKey> => {
  const { kty, n, e } = privateJwk;
  const bare = { kty: kty!, n: n!, e: e! };
  const kid = await calculateJwkThumbprint(bare);
  const publicJwk = { ...bare, kid, alg: ALGORITHM, use: 'sig' };
  return {
    kid,
    publicJwk,
    privateKey: (await importJWK(privateJwk, ALGORITHM)) as CryptoKey,
    publicKey: (await importJWK(publicJwk, ALGORITHM)) as CryptoKey,
  };
};

/** A private key of the issuer's kind, new. */
export const makeSigningJwk = async (): Promise<JWK> =>
  exportJWK((await generateKeyPair(ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true })).privateKey);

/** @param given private keys in the order in which they sign; further ones are made */
export const createSigningKeys = async (given: readonly JWK[]): Promise<SigningKeys> => {
  let taken = 0;
  const take = async (): Promise<SigningKey> => {
    const jwk = given[taken] ?? (await makeSigningJwk());
    taken += 1;
    return asSigningKey(jwk);
  };
  let current = await take();
  let next = await take();
  let former: { readonly key: SigningKey; readonly untilMs: number }[] = [];

  return {
    get current() {
      return current;
    },
    all: (nowMs) => [current, next, ...former.filter(({ untilMs }) => nowMs < untilMs).map(({ key }) => key)],
    async rotate(formerUntilMs) {
      const after = await take();
      former.push({ key: current, untilMs: formerUntilMs });
      current = next;
      next = after;
    },
    retire() {
      former = [];
    },
  };
};
