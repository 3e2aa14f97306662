import { Sha256 } from '@aws-crypto/sha256-js';
import {
  ALGORITHM_IDENTIFIER,
  clearCredentialCache,
  createScope,
  getCanonicalHeaders,
  getSigningKey,
  SignatureV4Base,
} from '@smithy/signature-v4';
import type { ProviderCredential } from '../../../mocks/emulator.ts';
import { createHmacKey, type HmacKey, sha256Hex } from '../../../mocks/shared/sha256.ts';
import type { ProviderRequest } from './http.ts';

type AwsCredential = Extract<ProviderCredential, { provider: 'aws' }>;

/** A request but for its body. */
export type RequestHead = Omit<ProviderRequest, 'body'>;

/** Gives a request with that body the headers that sign it. */
export type SignBody = (body: string) => Promise<ProviderRequest>;

/** Signature Version 4 of one credential for one service in one region. */
export interface AwsSigner {
  /** For requests that differ in nothing but their bodies. */
  forHead(head: RequestHead): SignBody;
}

/** What a day's signatures have in common. */
interface Day {
  readonly shortDate: string;
  readonly scope: string;
  readonly key: HmacKey;
}

/** What a second's signatures of one head have in common. */
interface Second {
  /** Epoch seconds. */
  readonly atS: number;
  readonly headers: Readonly<Record<string, string>>;
  /** All of the canonical request but the hash of the body, which comes last. */
  readonly canonicalStart: string;
  readonly toSignStart: string;
  readonly authorizationStart: string;
  readonly key: HmacKey;
}

/** Signed are the host, what AWS asks for, and what changes the meaning of a request. */
const UNSIGNED = new Set(['accept']);

/**
 * AWS's own canonical forms and key derivation, once a second for each head. Its `sign` makes all of them anew for each request, and the key's
 * name with them, which takes six times as long as the hashes do.
 */
class Signer extends SignatureV4Base implements AwsSigner {
  readonly #credential: AwsCredential;
  readonly #region: string;
  readonly #nowMs: () => number;
  #day: Day | undefined;

  constructor(credential: AwsCredential, service: string, region: string, nowMs: () => number) {
    super({ credentials: credential, service, region, sha256: Sha256 });
    this.#credential = credential;
    this.#region = region;
    this.#nowMs = nowMs;
  }

  forHead(head: RequestHead): SignBody {
    let known: Second | undefined;
    return async (body) => {
      const atS = Math.floor(this.#nowMs() / 1000);
      const second = known?.atS === atS ? known : await this.#begin(head, atS);
      known = second;
      const { headers, canonicalStart, toSignStart, authorizationStart, key } = second;
      const signature = key.signHex(toSignStart + sha256Hex(canonicalStart + sha256Hex(body)));
      return { ...head, headers: { ...headers, authorization: authorizationStart + signature }, body };
    };
  }

  async #begin(head: RequestHead, atS: number): Promise<Second> {
    const { longDate, shortDate } = this.formatDate(atS);
    const { scope, key } = this.#day?.shortDate === shortDate ? this.#day : await this.#beginDay(shortDate);
    const { accessKeyId, sessionToken } = this.#credential;
    const { protocol, hostname, pathname, host } = new URL(head.url);

    const token = sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken };
    // fetch sets `host` itself, to the same value.
    const headers = { ...head.headers, 'x-amz-date': longDate, ...token };
    const canonical = { method: head.method, protocol, hostname, path: pathname, headers: { ...headers, host } };
    const canonicalHeaders = getCanonicalHeaders(canonical, UNSIGNED);
    return {
      atS,
      headers,
      canonicalStart: this.createCanonicalRequest(canonical, canonicalHeaders, ''),
      toSignStart: `${ALGORITHM_IDENTIFIER}\n${longDate}\n${scope}\n`,
      authorizationStart:
        `${ALGORITHM_IDENTIFIER} Credential=${accessKeyId}/${scope}, ` +
        `SignedHeaders=${this.getCanonicalHeaderList(canonicalHeaders)}, Signature=`,
      key,
    };
  }

  async #beginDay(shortDate: string): Promise<Day> {
    const key = await getSigningKey(Sha256, this.#credential, shortDate, this.#region, this.service);
    this.#day = { shortDate, scope: createScope(shortDate, this.#region, this.service), key: createHmacKey(key) };
    return this.#day;
  }
}

/** @param nowMs what time it is at AWS, epoch milliseconds */
export const createAwsSigner = (
  credential: AwsCredential,
  service: string,
  region: string,
  nowMs: () => number = Date.now,
): AwsSigner => {
  // The library remembers keys for as long as the process lives, and this one keeps its own: a run would be quicker to sign for having been run before.
  clearCredentialCache();
  return new Signer(credential, service, region, nowMs);
};
