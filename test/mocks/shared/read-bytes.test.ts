import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBytes } from '../../../mocks/shared/read-bytes.ts';

const LIMIT_BYTES = 64;

/** A request whose body comes in these chunks, and does not say how long it is. */
const streaming = (chunks: readonly Uint8Array[], headers: Readonly<Record<string, string>> = {}) => {
  let asked = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[asked];
      asked += 1;
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const request = new Request('http://test/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
  return { request, asked: () => asked };
};

describe('reading a body', () => {
  test('gives all bytes in order up to the limit, and null beyond it, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), async (chunks) => {
        const whole = chunks.flatMap((chunk) => [...chunk]);
        const read = await readBytes(streaming(chunks).request, LIMIT_BYTES);
        expect(read && [...read]).toEqual(whole.length > LIMIT_BYTES ? null : whole);
      }),
    );
  });

  test('stops at the limit instead of reading on', async () => {
    const { request, asked } = streaming(new Array(1000).fill(new Uint8Array(32)));
    expect(await readBytes(request, LIMIT_BYTES)).toBeNull();
    expect(asked()).toBeLessThan(10);
  });

  test('does not begin when the length that is declared is over the limit', async () => {
    const request = new Request('http://test/', { method: 'POST', body: 'x', headers: { 'content-length': '65' } });
    expect(await readBytes(request, LIMIT_BYTES)).toBeNull();
    expect(request.bodyUsed).toBe(false);
  });

  test('gives all bytes up to the limit, and null beyond it, whatever length is declared', async () => {
    const declared = fc.oneof(fc.integer({ min: 0, max: LIMIT_BYTES }).map(String), fc.constantFrom('', 'x', '-1'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), declared, async (chunks, length) => {
        const whole = chunks.flatMap((chunk) => [...chunk]);
        const read = await readBytes(streaming(chunks, { 'content-length': length }).request, LIMIT_BYTES);
        expect(read && [...read]).toEqual(whole.length > LIMIT_BYTES ? null : whole);
      }),
    );
  });

  test.each(['transfer-encoding', 'content-encoding'])(
    'stops at the limit where a length is declared beside %s',
    async (name) => {
      const headers = { 'content-length': '1', [name]: 'gzip' };
      const { request, asked } = streaming(new Array(1000).fill(new Uint8Array(32)), headers);
      expect(await readBytes(request, LIMIT_BYTES)).toBeNull();
      expect(asked()).toBeLessThan(10);
    },
  );

  test('gives no bytes where there is no body', async () => {
    expect(await readBytes(new Request('http://test/'), LIMIT_BYTES)).toEqual(new Uint8Array());
  });
});
