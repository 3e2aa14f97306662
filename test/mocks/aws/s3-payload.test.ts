import { createHash } from 'node:crypto';
import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkChecksums } from '../../../mocks/aws/s3/checksums.ts';
import { payloadOf } from '../../../mocks/aws/s3/payload.ts';
import { signFor } from '../../../mocks/aws/sigv4.ts';
import { crc32, crc32c, crc64Nvme } from '../../../mocks/shared/crc.ts';

const SIGNED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const SIGNED_TRAILER = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
const UNSIGNED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

const credential = {
  provider: 'aws',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
} as const;

const signatureOf = (signature: string) => ({
  authorization: {
    accessKeyId: credential.accessKeyId,
    day: '20130524',
    region: 'us-east-1',
    service: 's3',
    terminator: 'aws4_request',
    signedHeaders: ['host'],
    signature,
  },
  date: '20130524T000000Z',
  sessionToken: '',
  isPresigned: false,
});

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What a body in chunks holds, for the key of AWS's examples. */
const read = (text: string | Uint8Array, bodyHash: string, lengthBytes: number, seed = '') => {
  const headers = new Headers({ 'x-amz-decoded-content-length': String(lengthBytes) });
  const signature = signatureOf(seed);
  const body = typeof text === 'string' ? bytesOf(text) : text;
  return payloadOf(headers, body, bodyHash, signature, (toSign) => signFor(credential, signature.authorization, toSign));
};

/** The examples that AWS publishes ("Transferring payload in multiple chunks", with a trailer and without): 65 KiB of `a`. */
const EXAMPLES = [
  {
    bodyHash: SIGNED,
    seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    signatures: [
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ],
    end: '\r\n',
  },
  {
    bodyHash: SIGNED_TRAILER,
    seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    signatures: [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ],
    end: 'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
  },
] as const;

const WHOLE = 'a'.repeat(66_560);
const exampleBody = ({ signatures, end }: (typeof EXAMPLES)[number]): string => {
  const chunks = [WHOLE.slice(0, 65_536), WHOLE.slice(65_536), ''];
  return chunks
    .map(
      (text, index) => `${text.length.toString(16)};chunk-signature=${signatures[index]}\r\n${text}${text === '' ? '' : '\r\n'}`,
    )
    .join('')
    .concat(end);
};

describe('a body in signed chunks', () => {
  test.each(EXAMPLES)('is taken as AWS’s example of $bodyHash has it', (example) => {
    const { content, trailers } = read(exampleBody(example), example.bodyHash, WHOLE.length, example.seed);
    expect(new TextDecoder().decode(content)).toBe(WHOLE);
    const announced = new Headers(trailers?.size ? { 'x-amz-trailer': 'x-amz-checksum-crc32c' } : {});
    expect(() => checkChecksums(announced, content, trailers)).not.toThrow();
  });

  test.each(EXAMPLES)('of $bodyHash is refused with any byte changed, or holds the same', ({ ...example }) => {
    const body = bytesOf(exampleBody(example));
    // Half of the places are in the marks at the end, which are few.
    const place = fc.oneof(fc.nat(body.length - 1), fc.integer({ min: body.length - 300, max: body.length - 1 }));
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = body.slice();
        changed[at]! ^= by;
        let taken: ReturnType<typeof read> | undefined;
        try {
          taken = read(changed, example.bodyHash, WHOLE.length, example.seed);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(SignatureDoesNotMatch|IncompleteBody)$/) });
          return;
        }
        expect(Buffer.compare(taken.content, bytesOf(WHOLE)), `byte ${at} by ${by}`).toBe(0);
        expect(taken.trailers?.get('x-amz-checksum-crc32c') ?? 'sOO8/Q==').toBe('sOO8/Q==');
      }),
      { numRuns: 200 },
    );
  });

  test('is refused with chunks that have changed places, without its first, and signed for another request', () => {
    const [example] = EXAMPLES;
    const chunk = (index: number, text: string) =>
      `${text.length.toString(16)};chunk-signature=${example.signatures[index]}\r\n${text}\r\n`;
    const [first, second, last] = [chunk(0, WHOLE.slice(0, 65_536)), chunk(1, WHOLE.slice(65_536)), chunk(2, '')];
    const mismatch = expect.objectContaining({ code: 'SignatureDoesNotMatch', status: 403 });
    expect(() => read(first + second + last, SIGNED, WHOLE.length, example.seed)).not.toThrow();
    expect(() => read(second + last, SIGNED, 1024, example.seed)).toThrow(mismatch);
    expect(() => read(first + last, SIGNED, 65_536, example.seed)).toThrow(mismatch);
    expect(() => read(first + second + last, SIGNED, WHOLE.length, '0'.repeat(64))).toThrow(mismatch);
  });
});

describe('a body in chunks', () => {
  const chunked = (parts: readonly string[], end = '\r\n') =>
    `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')}0\r\n${end}`;

  test('is what its chunks hold, however long they are', () => {
    const part = fc.integer({ min: 8192, max: 20_000 }).map((length) => 'b'.repeat(length));
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 4 }),
        fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 50 }),
        (parts, last) => {
          const text = [...parts, last].join('');
          expect(new TextDecoder().decode(read(chunked([...parts, last]), UNSIGNED, text.length).content)).toBe(text);
        },
      ),
    );
  });

  test('is refused wherever it breaks off before the last chunk, and where it is of another length than it says', () => {
    const body = chunked(['text']);
    const incomplete = expect.objectContaining({ code: 'IncompleteBody', status: 400 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: body.length - 3 }), (length) => {
        expect(() => read(body.slice(0, length), UNSIGNED, 4)).toThrow(incomplete);
      }),
    );
    fc.assert(
      fc.property(
        fc.nat(1000).filter((length) => length !== 4),
        (length) => {
          const members = expect.objectContaining({ NumberBytesExpected: length, NumberBytesProvided: 4 });
          expect(() => read(body, UNSIGNED, length)).toThrow(expect.objectContaining({ code: 'IncompleteBody', members }));
        },
      ),
    );
    expect(() => read(body, UNSIGNED, Number.NaN)).toThrow(
      expect.objectContaining({ code: 'MissingContentLength', status: 411 }),
    );
    expect(() => read(body, SIGNED, 4)).toThrow(incomplete);
  });

  test('is refused with a chunk but the last of less than 8 KiB', () => {
    expect(() => read(chunked(['b'.repeat(8191), 'last']), UNSIGNED, 8195)).toThrow(
      expect.objectContaining({
        code: 'InvalidChunkSizeError',
        status: 403,
        members: expect.objectContaining({ Chunk: 2, BadChunkSize: 8191 }),
      }),
    );
  });

  test.each([
    ['is missing', 'x-amz-checksum-crc32', '\r\n', 'MalformedTrailerError'],
    ['is another', 'x-amz-checksum-crc32', 'x-amz-checksum-sha1:AAAA\r\n\r\n', 'MalformedTrailerError'],
    ['is not announced', '', 'x-amz-checksum-crc32:O64WqA==\r\n\r\n', 'MalformedTrailerError'],
    ['comes after an empty line', 'x-amz-checksum-crc32', '\r\nx-amz-checksum-crc32:O64WqA==\r\n', 'MalformedTrailerError'],
    ['is no check sum', 'x-amz-meta-a', 'x-amz-meta-a:b\r\n\r\n', 'InvalidRequest'],
    ['is not base64', 'x-amz-checksum-crc32', 'x-amz-checksum-crc32:not=base-64\r\n\r\n', 'InvalidRequest'],
    ['is of another body', 'x-amz-checksum-crc32', 'x-amz-checksum-crc32:AAAAAA==\r\n\r\n', 'BadDigest'],
  ])('is refused when its trailer %s', (_, announced, end, code) => {
    const { content, trailers } = read(chunked(['text'], end), UNSIGNED, 4);
    const headers = new Headers(announced === '' ? {} : { 'x-amz-trailer': announced });
    expect(() => checkChecksums(headers, content, trailers)).toThrow(expect.objectContaining({ code, status: 400 }));
  });

  test('is taken with its check sum in the trailer', () => {
    const end = `x-amz-checksum-crc32: ${Buffer.from(crc32(bytesOf('text'))).toString('base64')}\r\n\r\n`;
    const { content, trailers } = read(chunked(['text'], end), UNSIGNED, 4);
    const headers = new Headers({ 'x-amz-trailer': 'x-amz-checksum-crc32,', 'x-amz-sdk-checksum-algorithm': 'CRC32' });
    expect(() => checkChecksums(headers, content, trailers)).not.toThrow();
  });
});

describe('check sums', () => {
  const hashWith = (name: string) => (bytes: Uint8Array) => Uint8Array.from(createHash(name).update(bytes).digest());
  const SUMS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
    crc32,
    crc32c,
    crc64nvme: crc64Nvme,
    ...Object.fromEntries(['md5', 'sha1', 'sha256', 'sha512'].map((name) => [name, hashWith(name)])),
  };
  const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

  test('of 123456789 are those that the catalogue of CRCs gives', () => {
    const of = (sum: Uint8Array) => Buffer.from(sum).toString('hex');
    const digits = bytesOf('123456789');
    expect([of(crc32(digits)), of(crc32c(digits)), of(crc64Nvme(digits))]).toEqual(['cbf43926', 'e3069283', 'ae8b14860a799888']);
  });

  test('of any bytes are zlib’s, and of three of one length together that of the three', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ minLength: 60, maxLength: 60 }), (a, long) => {
        expect(Buffer.from(crc32(a)).readUInt32BE()).toBe(zlibCrc32(a));
        const b = long.subarray(0, a.length);
        const nought = new Uint8Array(a.length);
        const both = a.map((byte, index) => byte ^ b[index]!);
        for (const sum of [crc32, crc32c, crc64Nvme]) {
          const [ofA, ofB, ofNought] = [sum(a), sum(b), sum(nought)];
          expect([...sum(both)]).toEqual([...ofA].map((byte, index) => byte ^ ofB[index]! ^ ofNought[index]!));
        }
      }),
    );
  });

  test.each(Object.keys(SUMS))('%s: the right one of a body is taken, and that of any other refused', (name) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (body, other) => {
        const headersFor = (bytes: Uint8Array) => new Headers({ [`x-amz-checksum-${name}`]: toBase64(SUMS[name]!(bytes)) });
        expect(() => checkChecksums(headersFor(body), body, null)).not.toThrow();
        fc.pre(Buffer.compare(body, other) !== 0);
        expect(() => checkChecksums(headersFor(other), body, null)).toThrow(
          expect.objectContaining({
            code: 'BadDigest',
            status: 400,
            message: `The ${name.toUpperCase()} you specified did not match the calculated checksum.`,
          }),
        );
      }),
      { numRuns: 50 },
    );
  });

  const right = toBase64(crc32(bytesOf('text')));
  test.each([
    [{ 'x-amz-checksum-crc32': 'bad' }, 'InvalidRequest', 'Value for x-amz-checksum-crc32 header is invalid.'],
    [{ 'x-amz-checksum-bad': right }, 'InvalidRequest', 'The algorithm type you specified in x-amz-checksum- header is invalid.'],
    [{ 'x-amz-checksum-xxhash64': right }, 'NotImplemented', expect.any(String)],
    [
      { 'x-amz-checksum-crc32': right, 'x-amz-checksum-crc32c': right },
      'InvalidRequest',
      expect.stringMatching(/^Expecting a single/),
    ],
    [
      { 'x-amz-checksum-crc32': right, 'x-amz-trailer': 'x-amz-checksum-crc32' },
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header',
    ],
    [{ 'x-amz-trailer': 'x-amz-checksum-crc32' }, 'MalformedTrailerError', expect.any(String)],
    [{ 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 'InvalidRequest', expect.stringMatching(/no corresponding/)],
    [
      { 'x-amz-sdk-checksum-algorithm': 'SHA1', 'x-amz-checksum-crc32': right },
      'InvalidRequest',
      'Value for x-amz-sdk-checksum-algorithm header is invalid.',
    ],
  ])('%o are refused', (headers, code, message) => {
    expect(() => checkChecksums(new Headers(headers as HeadersInit), bytesOf('text'), null)).toThrow(
      expect.objectContaining({ code, message }),
    );
  });

  test('are not looked for in headers that say how they are meant', () => {
    const headers = { 'x-amz-checksum-crc32': right, 'x-amz-checksum-type': 'FULL_OBJECT', 'x-amz-checksum-algorithm': 'CRC32' };
    expect(() => checkChecksums(new Headers(headers), bytesOf('text'), null)).not.toThrow();
  });
});
