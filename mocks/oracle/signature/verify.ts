import { notAuthenticated } from '../errors.ts';
import { parseAuthorization, type SignatureParameters } from './authorization.ts';
import type { SigningKeys } from './signing-keys.ts';

/**
 * How far a request's date may be from the service's clock, either way.
 * Source: docs.oracle.com/iaas/Content/API/Concepts/signingrequests.htm, "If the client's clock is skewed more than 5 minutes, a 401
 * (NotAuthenticated) HTTP status code is returned", in a copy that was searched in November 2026.
 */
const SKEW_LIMIT_MS = 5 * 60_000;

const REQUEST_TARGET = '(request-target)';

/** Methods whose body is signed by its digest. */
const WITH_BODY = ['POST', 'PUT', 'PATCH'];
const BODY_HEADERS = ['x-content-sha256', 'content-type', 'content-length'];

/** Whose requests are checked. */
export interface Signatory {
  readonly tenancy: string;
  readonly user: string;
  readonly keys: SigningKeys;
}

/** Base64 with its padding, in the one way to write these bytes. */
const decodeBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  try {
    const binary = atob(text);
    return btoa(binary) === text ? Uint8Array.from(binary, (character) => character.charCodeAt(0)) : undefined;
  } catch {
    return undefined;
  }
};

const encodeBase64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

const requireSigned = ({ headers }: SignatureParameters, method: string): void => {
  const isDated = headers.includes('x-date') || headers.includes('date');
  const required = [REQUEST_TARGET, 'host', ...(WITH_BODY.includes(method) ? BODY_HEADERS : [])];
  if (!isDated || !required.every((name) => headers.includes(name))) throw notAuthenticated();
};

const signedValue = (request: Request, name: string): string => {
  const { pathname, search, host } = new URL(request.url);
  if (name === REQUEST_TARGET) return `${request.method.toLowerCase()} ${pathname}${search}`;
  const value = request.headers.get(name) ?? (name === 'host' ? host : null);
  if (value === null) throw notAuthenticated();
  return value;
};

/** E.g. `Fri, 17 Feb 2023 03:47:56 UTC`, as Oracle writes each date in its refusal, the caller's too. */
const toOracleTime = (atMs: number): string => new Date(atMs).toUTCString().replace(/GMT$/, 'UTC');

/** Of the dates that are signed, `x-date` counts. Source of the words: answers that users of Oracle's agents and SDKs report. */
const checkDate = (request: Request, { headers }: SignatureParameters): void => {
  const text = signedValue(request, headers.includes('x-date') ? 'x-date' : 'date');
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw notAuthenticated();
  const nowMs = Date.now();
  if (Math.abs(atMs - nowMs) <= SKEW_LIMIT_MS) return;
  const [date, now, from, to] = [atMs, nowMs, nowMs - SKEW_LIMIT_MS, nowMs + SKEW_LIMIT_MS].map(toOracleTime);
  throw notAuthenticated(
    `Date '${date}' is not within allowed clock skew. Current '${now}', valid datetime range: ['${from}', '${to}']`,
  );
};

/** What is signed of a body is its digest and its length: they are held against the body. */
const checkBody = async (request: Request, { headers }: SignatureParameters, body: Uint8Array<ArrayBuffer>): Promise<void> => {
  if (headers.includes('content-length') && signedValue(request, 'content-length') !== `${body.byteLength}`)
    throw notAuthenticated();
  if (!headers.includes('x-content-sha256')) return;
  const digest = encodeBase64(await crypto.subtle.digest('SHA-256', body));
  if (signedValue(request, 'x-content-sha256') !== digest) throw notAuthenticated();
};

/**
 * Lets in a request that the user's good API key signed: RSASSA-PKCS1-v1_5 with SHA-256 over the named headers, version 1 of Oracle's
 * HTTP signatures. Other kinds of key ids (security tokens of sessions and instances) are not served.
 * @param body the bytes that came
 * @throws {OciError} 401 `NotAuthenticated`
 */
export const verifySignature = async (request: Request, body: Uint8Array<ArrayBuffer>, signatory: Signatory): Promise<void> => {
  const parameters = parseAuthorization(request.headers.get('authorization'));
  if (!parameters) throw notAuthenticated();
  requireSigned(parameters, request.method);
  const [tenancy, user, fingerprint = '', ...rest] = parameters.keyId.split('/');
  const key = signatory.keys.find(fingerprint);
  if (!key || tenancy !== signatory.tenancy || user !== signatory.user || rest.length > 0) throw notAuthenticated();
  checkDate(request, parameters);
  const signature = decodeBase64(parameters.signature);
  if (!signature) throw notAuthenticated();
  const signed = parameters.headers.map((name) => `${name}: ${signedValue(request, name)}`).join('\n');
  const isGood = await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key.publicKey, signature, new TextEncoder().encode(signed));
  if (!isGood) throw notAuthenticated();
  await checkBody(request, parameters, body);
};
