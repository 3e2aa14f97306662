import { Sha256 } from '@aws-crypto/sha256-js';
import { ALGORITHM_IDENTIFIER, createScope, getCanonicalHeaders, getSigningKey, SignatureV4Base } from '@smithy/signature-v4';
import type { ProviderCredential } from '../../../mocks/emulator.ts';
import { hmacSha256Hex, sha256Hex } from '../../../mocks/shared/sha256.ts';
import type { ProviderRequest } from './http.ts';

type AwsCredential = Extract<ProviderCredential, { provider: 'aws' }>;

/** What a day's signatures have in common. */
interface Day {
  /** `YYYYMMDD` */
  readonly shortDate: string;
  readonly scope: string;
  readonly key: Uint8Array;
}

/** Signature Version 4 of one credential for one service in one region. */
export interface AwsSigner {
  /** The request with the headers that sign it. */
  sign(request: ProviderRequest): Promise<ProviderRequest>;
}

/**
 * AWS's own canonical forms and key derivation. Its `sign` derives the key's name and formats the date anew for each request, and copies the
 * request twice, which takes longer than the rest of it.
 */
class Signer extends SignatureV4Base implements AwsSigner {
  readonly #credential: AwsCredential;
  readonly #region: string;
  #day: Day | undefined;
  /** The second that was formatted last, epoch. */
  #second = Number.NaN;
  #date = { longDate: '', shortDate: '' };

  constructor(credential: AwsCredential, service: string, region: string) {
    super({ credentials: credential, service, region, sha256: Sha256 });
    this.#credential = credential;
    this.#region = region;
  }

  async sign(request: ProviderRequest): Promise<ProviderRequest> {
    const { longDate, shortDate } = this.#now();
    const { scope, key } = this.#day?.shortDate === shortDate ? this.#day : await this.#begin(shortDate);
    const { accessKeyId, sessionToken } = this.#credential;
    const { protocol, hostname, pathname, host } = new URL(request.url);

    const added = { 'x-amz-date': longDate, ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }) };
    const headers = { ...request.headers, ...added };
    const canonical = { method: request.method, protocol, hostname, path: pathname, headers: { ...headers, host } };
    const canonicalHeaders = getCanonicalHeaders(canonical, UNSIGNED);
    const canonicalRequest = this.createCanonicalRequest(canonical, canonicalHeaders, sha256Hex(request.body ?? ''));
    const stringToSign = `${ALGORITHM_IDENTIFIER}\n${longDate}\n${scope}\n${sha256Hex(canonicalRequest)}`;
    const authorization =
      `${ALGORITHM_IDENTIFIER} Credential=${accessKeyId}/${scope}, ` +
      `SignedHeaders=${this.getCanonicalHeaderList(canonicalHeaders)}, Signature=${hmacSha256Hex(key, stringToSign)}`;
    // fetch sets `host` itself, to the same value.
    return { ...request, headers: { ...headers, authorization } };
  }

  #now() {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) {
      this.#date = this.formatDate(second);
      this.#second = second;
    }
    return this.#date;
  }

  async #begin(shortDate: string): Promise<Day> {
    const key = await getSigningKey(Sha256, this.#credential, shortDate, this.#region, this.service);
    this.#day = { shortDate, scope: createScope(shortDate, this.#region, this.service), key };
    return this.#day;
  }
}

/** Signed are the host, what AWS asks for, and what changes the meaning of a request. */
const UNSIGNED = new Set(['accept']);

export const createAwsSigner = (credential: AwsCredential, service: string, region: string): AwsSigner =>
  new Signer(credential, service, region);
