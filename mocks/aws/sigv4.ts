import { createHmacKey, type HmacKey, sha256Hex } from '../shared/sha256.ts';
import { ALGORITHM, type Authorization, parseAuthorization } from './authorization.ts';
import { canonicalRequestOf } from './canonical-request.ts';
import type { AwsCredential } from './credential.ts';
import type { KeyFinder, KnownKey } from './session-store.ts';
import { checkSkew, signingDateOf } from './signing-date.ts';
import { FRONT_END_REFUSALS, type SigningRefusals } from './signing-refusals.ts';

/** The signature of a request, wherever in it it stands. */
export interface RequestSignature {
  readonly authorization: Authorization;
  /** When it was made: ISO 8601 basic format. */
  readonly date: string;
  /** Empty for a key without a session. */
  readonly sessionToken: string;
  /** In the query: it ends with its own expiry, which whoever has read it has checked. */
  readonly isPresigned: boolean;
}

/** Whom a service's signatures must be made out to. */
export interface SigningScope {
  /** Signing name, e.g. `sagemaker`. */
  readonly service: string;
  readonly regions: readonly string[];
  /** The service's clock, epoch milliseconds; the machine's when left out. */
  nowMs?(): number;
  /** S3's own way: clocks may be 15 minutes off, the path is as it was sent, and the body's hash as `x-amz-content-sha256` has it, which S3 holds against the body by itself. */
  readonly s3?: {
    readonly bodyHash: string;
    readonly signature: RequestSignature;
    readonly refusals: SigningRefusals;
  };
}

export const signatureInHeaders = ({ headers }: Request): RequestSignature => ({
  authorization: parseAuthorization(headers.get('authorization')),
  date: signingDateOf(headers),
  sessionToken: headers.get('x-amz-security-token') ?? '',
  isPresigned: false,
});

/**
 * Checks Signature Version 4 in AWS's order: is it there, whose key, which scope, which headers, what date, a live session, the right
 * token, and last the signature, which is computed anew over what arrived.
 * @param body the bytes that arrived; `x-amz-content-sha256` is not believed
 * @returns the key that it was signed with
 * @throws {AwsError} with the front end's name and words, or S3's
 */
export const authenticate = async <Key extends KnownKey>(
  request: Request,
  body: Uint8Array,
  scope: SigningScope,
  keys: KeyFinder<Key>,
): Promise<Key> => {
  const signature = scope.s3?.signature ?? signatureInHeaders(request);
  const refuse = scope.s3?.refusals ?? FRONT_END_REFUSALS;
  const { authorization, date, sessionToken, isPresigned } = signature;
  const key = keys.find(authorization.accessKeyId);
  if (!key) throw refuse.unknownKey(authorization.accessKeyId);
  checkScope(authorization, scope, date, refuse);
  checkSignedHeaders(request.headers, authorization, scope, refuse);
  if (!isPresigned) checkSkew(date, scope.s3 !== undefined, scope.nowMs?.());
  if (key.isExpired) throw refuse.expiredToken(sessionToken);
  if (!isSame(sessionToken, key.credential.sessionToken ?? '')) throw refuse.wrongToken(sessionToken);
  if (!isSame(authorization.signature, signatureOf(request, body, scope, signature, key.credential))) {
    throw refuse.mismatch(authorization);
  }
  return key;
};

const checkScope = (authorization: Authorization, scope: SigningScope, date: string, refuse: SigningRefusals): void => {
  const { day, region, service, terminator } = authorization;
  if (terminator !== 'aws4_request') throw refuse.terminator(terminator);
  if (!scope.regions.includes(region)) throw refuse.region(region, scope.regions[0] ?? '');
  if (service !== scope.service) throw refuse.service(service, scope.service);
  if (day !== date.slice(0, 8)) throw refuse.day(day, date);
};

/** Headers that say what is asked for, or by whom. Not `x-amzn-`: those are for proxies and tracers on the way to add. */
const AMZ = 'x-amz-';

/**
 * Headers that S3 takes unsigned, since it holds them to what they say (demarche-numerique/ds_proxy pull request 164 and zengularity/benji
 * pull request 309, which saw it; read November 2026).
 */
const UNSIGNED_AT_S3: readonly string[] = ['x-amz-content-sha256'];

/** A header that the signature does not cover might be anyone's: were it obeyed, whoever is on the way could change what is asked for. */
const checkSignedHeaders = (
  headers: Headers,
  { signedHeaders }: Authorization,
  { s3 }: SigningScope,
  refuse: SigningRefusals,
): void => {
  const unsigned = signedHeaders.includes('host') ? [] : ['host'];
  for (const name of headers.keys()) {
    if (!name.startsWith(AMZ) || signedHeaders.includes(name) || (s3 && UNSIGNED_AT_S3.includes(name))) continue;
    unsigned.push(name);
  }
  if (unsigned.length > 0) throw refuse.headersNotSigned(unsigned);
};

/** By day, region and service. Only those that a request was let in with, or nearly: a few. */
type SigningKeys = Map<string, HmacKey>;

/** A day's signing key is the same for all of its requests. Forgotten with the credential. */
const signingKeys = new WeakMap<AwsCredential, SigningKeys>();

const signingKeyOf = (credential: AwsCredential, { day, region, service, terminator }: Authorization): HmacKey => {
  const ofCredential: SigningKeys = signingKeys.get(credential) ?? new Map();
  signingKeys.set(credential, ofCredential);
  const name = `${day}/${region}/${service}`;
  const known = ofCredential.get(name);
  if (known) return known;
  let key = createHmacKey(`AWS4${credential.secretAccessKey}`);
  for (const part of [day, region, service, terminator]) key = createHmacKey(key.sign(part));
  ofCredential.set(name, key);
  return key;
};

/** Signs a text with a day's key. @param authorization whose scope has been checked @returns 64 hexadecimal digits */
export const signFor = (credential: AwsCredential, authorization: Authorization, text: string): string =>
  signingKeyOf(credential, authorization).signHex(text);

/** @param signature whose scope has been checked */
const signatureOf = (
  request: Request,
  body: Uint8Array,
  { s3 }: SigningScope,
  { authorization, date, isPresigned }: RequestSignature,
  credential: AwsCredential,
): string => {
  const { day, region, service, terminator, signedHeaders } = authorization;
  const canonicalRequest = s3
    ? canonicalRequestOf(request, signedHeaders, s3.bodyHash, { isPathAsSent: true, isPresigned })
    : canonicalRequestOf(request, signedHeaders, sha256Hex(body));
  const stringToSign = `${ALGORITHM}\n${date}\n${day}/${region}/${service}/${terminator}\n${sha256Hex(canonicalRequest)}`;
  return signFor(credential, authorization, stringToSign);
};

/** Compares in constant time, so that a signature or a token cannot be guessed digit by digit. */
export const isSame = (actual: string, expected: string): boolean => {
  if (actual.length !== expected.length) return false;
  let difference = 0;
  for (let index = 0; index < expected.length; index += 1) difference |= actual.charCodeAt(index) ^ expected.charCodeAt(index);
  return difference === 0;
};
