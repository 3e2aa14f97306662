import { Sha256 } from '@aws-crypto/sha256-js';
import { getCanonicalHeaders, SignatureV4Base } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalRequestOf } from '../../../mocks/aws/canonical-request.ts';

/** AWS's own, which its JavaScript SDK signs with. */
class Reference extends SignatureV4Base {
  constructor() {
    super({ service: '', region: '', credentials: { accessKeyId: '', secretAccessKey: '' }, sha256: Sha256 });
  }
  of(request: Request, signedHeaders: readonly string[], bodyHash: string): string {
    const { protocol, hostname, host, pathname: path, searchParams } = new URL(request.url);
    const query = Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]));
    const headers = Object.fromEntries(
      signedHeaders.map((name) => [name, request.headers.get(name) ?? (name === 'host' ? host : '')]),
    );
    const parts = { method: request.method, protocol, hostname, path, query, headers };
    return this.createCanonicalRequest(parts, getCanonicalHeaders(parts, undefined, new Set(signedHeaders)), bodyHash);
  }
}

const reference = new Reference();
const HASH = 'a'.repeat(64);

const segment = fc.string({ unit: fc.constantFrom(...'ab.-_~/%20:@!$&()*+,;=é '), maxLength: 8 });
const word = fc.string({ unit: fc.constantFrom(...'ab-~!*( é&+'), minLength: 1, maxLength: 5 });
const value = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\t', ',', '\xa0', 'é'), maxLength: 8 });
const HEADERS = ['accept', 'cache-control', 'content-type', 'user-agent', 'x-amz-date', 'x-amz-meta-a'];

describe('a canonical request', () => {
  test('is the one that AWS’s own signer makes', () => {
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 4 }),
        fc.array(fc.tuple(word, word), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...HEADERS), value),
        fc.shuffledSubarray([...HEADERS, 'host']),
        (segments, query, headers, signedHeaders) => {
          const search = new URLSearchParams(query.map(([name, given]) => [name, given]));
          const url = `http://runtime.test:8080/${segments.join('/')}?${search}`.replace(/\?$/, '');
          const request = new Request(url, { method: 'POST', headers });
          // A signature without the host is refused before.
          const names = [...signedHeaders, 'host'];
          expect(canonicalRequestOf(request, names, HASH)).toBe(reference.of(request, names, HASH));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('has the same parameter’s values in order, and a name before those that it begins', () => {
    const request = new Request('http://runtime.test/?a-b=1&a=2&a=1&a=');
    expect(canonicalRequestOf(request, ['host'], HASH).split('\n')[2]).toBe('a=&a=1&a=2&a-b=1');
  });
});
