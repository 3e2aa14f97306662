import { base64url, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { Refused } from '../errors.ts';
import { ALGORITHM, type KeySet } from './key-set.ts';

/** What a token says, once all of it has been found right. */
export interface Verified {
  readonly subject: string;
  /** On whose behalf; empty for nobody's. */
  readonly tenant: string;
  readonly scopes: readonly string[];
  readonly jti: string;
  /** Milliseconds of `Date.now()`. */
  readonly issuedAtMs: number;
  readonly notBeforeMs: number;
  readonly expiresAtMs: number;
}

export interface VerifyOptions {
  readonly issuer: string;
  readonly audience: string;
  /** How far clocks may be apart, milliseconds. */
  readonly leewayMs: number;
  readonly keys: KeySet;
}

/** Tokens of this issuer have half a kilobyte. */
export const MAX_TOKEN_LENGTH = 4096;
/** `typ` of an access token (RFC 9068, section 2.1): an identity token, or a logout token, is none. */
const ACCESS_TOKEN_TYPE = 'at+jwt';
/** Of RFC 9068, section 2.2, with `nbf`, which this issuer always writes. */
const REQUIRED = ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'client_id'];
/** Parts of a header by which a token names the key that it is to be believed by (RFC 8725, sections 2.8 and 3.10), or asks for more than is known here. */
const FORBIDDEN_PARTS = ['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'zip', 'enc'];
const KID = /^[A-Za-z0-9_-]{1,128}$/;
const MAX_SCOPES = 64;

const refuse = (why: string) => new Refused('unauthenticated', why);

/**
 * The signature covers a token's first two parts as text, but the last as bytes, which base64url can write in more ways than one: only the one
 * that the issuer wrote is taken, so that a token that was changed anywhere is another token.
 */
const isCanonical = (part: string): boolean => {
  try {
    return base64url.encode(base64url.decode(part)) === part;
  } catch {
    return false;
  }
};

/** @throws {Refused} `unauthenticated` */
const readKid = (token: string): string => {
  let header: Readonly<Record<string, unknown>>;
  try {
    header = decodeProtectedHeader(token) as Readonly<Record<string, unknown>>;
  } catch {
    throw refuse('The token is no signed JWT.');
  }
  if (header.alg !== ALGORITHM) throw refuse(`The token is not signed by ${ALGORITHM}.`);
  if (FORBIDDEN_PARTS.some((part) => part in header)) throw refuse('The header of the token says more than alg, typ and kid.');
  if (typeof header.kid !== 'string' || !KID.test(header.kid)) throw refuse('The token does not name its key.');
  return header.kid;
};

const WORDS: readonly (readonly [new (...args: never[]) => Error, string])[] = [
  [errors.JWTExpired, 'The token has expired.'],
  [errors.JWSSignatureVerificationFailed, 'The signature of the token is not right.'],
];

const inWords = (error: unknown): string => {
  if (error instanceof errors.JWTClaimValidationFailed) return `The token's claim ${error.claim} is not right.`;
  return WORDS.find(([type]) => error instanceof type)?.[1] ?? 'The token is not valid.';
};

const read = (payload: JWTPayload): Verified => {
  const { sub, jti, iat, nbf, exp, scope, tenant = '', client_id: client } = payload;
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 128;
  if (!isText(sub) || !isText(jti) || client !== sub || typeof tenant !== 'string')
    throw refuse('A claim of the token is not right.');
  const scopes = typeof scope === 'string' ? scope.split(' ').slice(0, MAX_SCOPES) : [];
  return { subject: sub, tenant, scopes, jti, issuedAtMs: iat! * 1000, notBeforeMs: nbf! * 1000, expiresAtMs: exp! * 1000 };
};

/**
 * Verifies an access token as RFC 9068, section 4, and RFC 8725 have it: one algorithm, the issuer's own key, issuer, audience, times and type.
 * @throws {Refused} `unauthenticated`, and {IssuerUnavailable}
 */
export const verifyToken = async (token: string, { issuer, audience, leewayMs, keys }: VerifyOptions): Promise<Verified> => {
  if (token.length > MAX_TOKEN_LENGTH) throw refuse('The token is too long.');
  const parts = token.split('.');
  if (parts.length !== 3 || !parts.every(isCanonical)) throw refuse('The token is no signed JWT.');
  const kid = readKid(token);
  const key = await keys.keyOf(kid);
  if (!key) throw refuse('The issuer has no key of that name.');
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      issuer,
      audience,
      typ: ACCESS_TOKEN_TYPE,
      clockTolerance: leewayMs / 1000,
      requiredClaims: REQUIRED,
    });
    // What the issuer has not made yet is somebody else's.
    if (payload.iat! * 1000 > Date.now() + leewayMs) throw refuse("The token's claim iat is not right.");
    // A token that is for several is one that each of them could use at the others.
    if (payload.aud !== audience) throw refuse("The token's claim aud is not right.");
    return read(payload);
  } catch (error) {
    throw error instanceof Refused ? error : refuse(inWords(error));
  }
};
