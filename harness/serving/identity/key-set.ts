import { importJWK, type JWK } from 'jose';

/** The one algorithm that is taken: what a token says of itself decides nothing (RFC 8725, section 3.1). */
export const ALGORITHM = 'RS256';

/** Times, milliseconds. */
export interface KeySetPolicy {
  readonly keysRefreshMs: number;
  readonly keysMaxAgeMs: number;
  readonly keysCooldownMs: number;
}

/** The public keys of an issuer, fetched as they are needed. */
export interface KeySet {
  /**
   * @returns undefined where the issuer has no such key
   * @throws {IssuerUnavailable} as a rejection, where the keys are too old to go by and new ones cannot be had
   */
  keyOf(kid: string): Promise<CryptoKey | undefined>;
  /** Fetches them for the first time; never rejects. @returns whether they are there */
  warm(): Promise<boolean>;
}

/** The issuer cannot be asked, and what is known of it is too old. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/** An issuer has a few; more are an attack on whoever reads them. */
const MAX_KEYS = 32;
/** Base64url of a modulus of 2048 bits: shorter ones are too weak (RFC 7518, section 3.3). */
const MIN_MODULUS_LENGTH = 342;

const isUsable = ({ kty, kid, alg, use, n, e }: JWK): boolean =>
  kty === 'RSA' &&
  typeof kid === 'string' &&
  (alg === undefined || alg === ALGORITHM) &&
  (use === undefined || use === 'sig') &&
  typeof e === 'string' &&
  typeof n === 'string' &&
  n.length >= MIN_MODULUS_LENGTH;

const importAll = async (keys: readonly JWK[]): Promise<ReadonlyMap<string, CryptoKey>> => {
  const usable = keys.slice(0, MAX_KEYS).filter(isUsable);
  const imported = await Promise.all(
    // Of a private key that an issuer publishes by mistake no more is taken than of a public one.
    usable.map(async ({ kid, n, e }) => [kid!, (await importJWK({ kty: 'RSA', n: n!, e: e! }, ALGORITHM)) as CryptoKey] as const),
  );
  return new Map(imported);
};

/** @param fetchKeys asks the issuer; rejects when it does not answer with a key set */
export const createKeySet = (policy: KeySetPolicy, fetchKeys: () => Promise<readonly JWK[]>): KeySet => {
  let known: ReadonlyMap<string, CryptoKey> = new Map();
  let fetchedAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  const fetchNow = (): Promise<void> => {
    triedAtMs = performance.now();
    fetching ??= fetchKeys()
      .then(importAll)
      .then((keys) => {
        known = keys;
        fetchedAtMs = performance.now();
      })
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  };
  const ageMs = () => performance.now() - fetchedAtMs;
  const isCool = () => performance.now() - triedAtMs >= policy.keysCooldownMs;
  /** Whoever makes keys up does not make the issuer be asked for each. */
  const fetchUnlessHot = async (): Promise<void> => {
    if (fetching || isCool()) await fetchNow().catch(() => undefined);
  };

  return {
    async keyOf(kid) {
      if (known.has(kid) && ageMs() > policy.keysRefreshMs) {
        if (ageMs() > policy.keysMaxAgeMs) await fetchUnlessHot();
        else void fetchUnlessHot();
      } else if (!known.has(kid)) await fetchUnlessHot();
      if (ageMs() > policy.keysMaxAgeMs)
        throw new IssuerUnavailable("The issuer's keys are too old to go by, and it does not answer.");
      return known.get(kid);
    },
    warm: () =>
      fetchNow().then(
        () => true,
        () => false,
      ),
  };
};
