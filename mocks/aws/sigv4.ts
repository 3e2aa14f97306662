import { Sha256 } from '@aws-crypto/sha256-js';
import { createScope, getCanonicalHeaders, getSigningKey, SignatureV4Base } from '@smithy/signature-v4';
import { type Authorization, parseAuthorization } from './authorization.ts';
import type { AwsCredential } from './credential.ts';
import { frontEndError } from './errors.ts';
import type { SessionStore } from './session-store.ts';
import { checkSkew, signingDateOf } from './signing-date.ts';

/** Whom a service's signatures must be made out to. */
export interface SigningScope {
  /** Signing name, e.g. `sagemaker`. */
  readonly service: string;
  readonly regions: readonly string[];
}

const invalidSignature = (message: string) => frontEndError('InvalidSignatureException', message);
const invalidToken = () => frontEndError('UnrecognizedClientException', 'The security token included in the request is invalid.');

/**
 * Checks Signature Version 4 in AWS's order: is it there, whose key, which scope, what date, a live session, the right token,
 * and last the signature, which is computed anew over what arrived.
 * @param body the bytes that arrived; `x-amz-content-sha256` is not believed
 * @throws {AwsError} 403 with the front end's name and words
 */
export const authenticate = async (
  request: Request,
  body: Uint8Array,
  scope: SigningScope,
  sessions: SessionStore,
): Promise<void> => {
  const authorization = parseAuthorization(request.headers.get('authorization'));
  const date = signingDateOf(request.headers);
  const key = sessions.find(authorization.accessKeyId);
  if (!key) throw invalidToken();
  checkScope(authorization, scope, date);
  checkSkew(date);
  if (key.isExpired) throw frontEndError('ExpiredTokenException', 'The security token included in the request is expired');
  if ((request.headers.get('x-amz-security-token') ?? undefined) !== key.credential.sessionToken) throw invalidToken();

  const expected = await signatureOf(request, body, authorization, date, key.credential);
  if (!isSame(authorization.signature, expected)) {
    throw invalidSignature(
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
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

/** Opens the signer's canonical forms, which it keeps for its subclasses. */
class CanonicalForms extends SignatureV4Base {
  constructor() {
    super({ service: '', region: '', credentials: { accessKeyId: '', secretAccessKey: '' }, sha256: Sha256 });
  }
  request(...parts: Parameters<SignatureV4Base['createCanonicalRequest']>): string {
    return this.createCanonicalRequest(...parts);
  }
  stringToSign(...parts: Parameters<SignatureV4Base['createStringToSign']>): Promise<string> {
    return this.createStringToSign(...parts);
  }
}

const forms = new CanonicalForms();

const signatureOf = async (
  request: Request,
  body: Uint8Array,
  { day, region, service, signedHeaders }: Authorization,
  date: string,
  credential: AwsCredential,
): Promise<string> => {
  const url = new URL(request.url);
  const headers = Object.fromEntries(
    signedHeaders.map((name) => [name, request.headers.get(name) ?? (name === 'host' ? url.host : '')]),
  );
  const canonicalRequest = forms.request(
    { method: request.method, protocol: url.protocol, hostname: url.hostname, path: url.pathname, query: queryOf(url), headers },
    // Headers that the signer itself would leave out count too, where the caller signed them.
    getCanonicalHeaders({ method: '', protocol: '', hostname: '', path: '', headers }, undefined, new Set(signedHeaders)),
    hex(hashOf(body)),
  );
  const stringToSign = await forms.stringToSign(date, createScope(day, region, service), canonicalRequest, 'AWS4-HMAC-SHA256');
  return hex(hashOf(stringToSign, await getSigningKey(Sha256, credential, day, region, service)));
};

const queryOf = (url: URL): Record<string, string[]> => {
  const query: Record<string, string[]> = {};
  for (const name of new Set(url.searchParams.keys())) query[name] = url.searchParams.getAll(name);
  return query;
};

/** SHA-256, or HMAC-SHA-256 with a key. */
const hashOf = (data: string | Uint8Array, key?: Uint8Array): Uint8Array => {
  const hash = new Sha256(key);
  hash.update(data);
  return hash.digestSync();
};

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Compares in constant time, so that a signature cannot be guessed digit by digit. */
const isSame = (actual: string, expected: string): boolean => {
  if (actual.length !== expected.length) return false;
  let difference = 0;
  for (let index = 0; index < expected.length; index += 1) difference |= actual.charCodeAt(index) ^ expected.charCodeAt(index);
  return difference === 0;
};
