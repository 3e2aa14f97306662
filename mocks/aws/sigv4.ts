import { createHmacKey, type HmacKey, sha256Hex } from '../shared/sha256.ts';
import { ALGORITHM, type Authorization, parseAuthorization } from './authorization.ts';
import { canonicalRequestOf } from './canonical-request.ts';
import type { AwsCredential } from './credential.ts';
import { frontEndError } from './errors.ts';
import type { KeyFinder, KnownKey } from './session-store.ts';
import { checkSkew, signingDateOf } from './signing-date.ts';

/** Whom a service's signatures must be made out to. */
export interface SigningScope {
  /** Signing name, e.g. `sagemaker`. */
  readonly service: string;
  readonly regions: readonly string[];
  /** S3's own way: clocks may be 15 minutes off, the path is as it was sent, and the body's hash as `x-amz-content-sha256` has it, which S3 holds against the body by itself. */
  readonly s3?: { readonly bodyHash: string };
}

const invalidSignature = (message: string) => frontEndError('InvalidSignatureException', message);
const invalidToken = () => frontEndError('UnrecognizedClientException', 'The security token included in the request is invalid.');

/**
 * Checks Signature Version 4 in AWS's order: is it there, whose key, which scope, what date, a live session, the right token,
 * and last the signature, which is computed anew over what arrived.
 * @param body the bytes that arrived; `x-amz-content-sha256` is not believed
 * @returns the key that it was signed with
 * @throws {AwsError} 403 with the front end's name and words
 */
export const authenticate = async <Key extends KnownKey>(
  request: Request,
  body: Uint8Array,
  scope: SigningScope,
  keys: KeyFinder<Key>,
): Promise<Key> => {
  const authorization = parseAuthorization(request.headers.get('authorization'));
  const date = signingDateOf(request.headers);
  const key = keys.find(authorization.accessKeyId);
  if (!key) throw invalidToken();
  checkScope(authorization, scope, date);
  checkSkew(date, scope.s3 !== undefined);
  if (key.isExpired) throw frontEndError('ExpiredTokenException', 'The security token included in the request is expired');
  if (!isSame(request.headers.get('x-amz-security-token') ?? '', key.credential.sessionToken ?? '')) throw invalidToken();

  const expected = signatureOf(request, scope.s3 ?? body, authorization, date, key.credential);
  if (!isSame(authorization.signature, expected)) {
    throw invalidSignature(
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  return key;
};

const checkScope = ({ day, region, service, terminator, signedHeaders }: Authorization, scope: SigningScope, date: string) => {
  if (terminator !== 'aws4_request') {
    throw invalidSignature(`Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'.`);
  }
  if (!scope.regions.includes(region)) throw invalidSignature(`Credential should be scoped to a valid region, not '${region}'. `);
  if (service !== scope.service) throw invalidSignature(`Credential should be scoped to correct service: '${scope.service}'. `);
  if (day !== date.slice(0, 8)) {
    throw invalidSignature(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'.`,
    );
  }
  if (!signedHeaders.includes('host')) {
    throw invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
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

/** @param authorization whose scope has been checked */
const signatureOf = (
  request: Request,
  body: Uint8Array | { readonly bodyHash: string },
  authorization: Authorization,
  date: string,
  credential: AwsCredential,
): string => {
  const { day, region, service, terminator, signedHeaders } = authorization;
  const canonicalRequest =
    'bodyHash' in body
      ? canonicalRequestOf(request, signedHeaders, body.bodyHash, true)
      : canonicalRequestOf(request, signedHeaders, sha256Hex(body));
  const stringToSign = `${ALGORITHM}\n${date}\n${day}/${region}/${service}/${terminator}\n${sha256Hex(canonicalRequest)}`;
  return signingKeyOf(credential, authorization).signHex(stringToSign);
};

/** Compares in constant time, so that a signature or a token cannot be guessed digit by digit. */
const isSame = (actual: string, expected: string): boolean => {
  if (actual.length !== expected.length) return false;
  let difference = 0;
  for (let index = 0; index < expected.length; index += 1) difference |= actual.charCodeAt(index) ^ expected.charCodeAt(index);
  return difference === 0;
};
