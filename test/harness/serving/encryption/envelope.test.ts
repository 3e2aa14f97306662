import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEnvelope } from '../../../../harness/serving/encryption/envelope.ts';
import { type Binding, EnvelopeRefused, isEnvelope, readHeader } from '../../../../harness/serving/encryption/header.ts';
import { contextText, KeyError, type KeyService } from '../../../../harness/serving/encryption/key-service.ts';
import { randomBytes } from '../../../../mocks/shared/aes-gcm.ts';
import { toBase64 } from '../../../../mocks/shared/base64-bytes.ts';

const { signal } = new AbortController();
const BINDING: Binding = { name: 'model digits', version: '3', tenant: 'acme' };
const PLAIN = new TextEncoder().encode('weights and biases, and nobody else may read them');

/** A key service in memory, that can be told to fail. */
const createFakeService = () => {
  const kept = new Map<string, { readonly plaintext: Uint8Array; readonly context: string }>();
  let fault: 'none' | 'refused' | 'unavailable' = 'none';
  let version = 1;
  const calls = { generate: 0, unwrap: 0 };
  const check = () => {
    if (fault !== 'none') throw new KeyError(fault, `the service is ${fault}`);
  };
  const wrap = (plaintext: Uint8Array, context: string) => {
    const wrapped = toBase64(randomBytes(24));
    kept.set(`${wrapped} v${version}`, { plaintext: plaintext.slice(), context });
    return { cloud: 'fake', keyId: `v${version}`, wrapped };
  };
  const read = (wrapped: string, keyId: string, context: string) => {
    const found = kept.get(`${wrapped} ${keyId}`);
    if (found?.context !== context) throw new KeyError('refused', 'no key of mine');
    return found.plaintext.slice();
  };
  const service: KeyService = {
    async generateDataKey(context) {
      calls.generate += 1;
      check();
      const plaintext = randomBytes(32);
      return { plaintext, wrapped: wrap(plaintext, contextText(context)) };
    },
    async unwrap({ wrapped, keyId }, context) {
      calls.unwrap += 1;
      check();
      return read(wrapped, keyId, contextText(context));
    },
    async rewrap({ wrapped, keyId }, context) {
      check();
      return wrap(read(wrapped, keyId, contextText(context)), contextText(context));
    },
  };
  return {
    service,
    calls,
    fail: (how: typeof fault) => {
      fault = how;
    },
    rotate: () => {
      version += 1;
    },
  };
};

const given = (bounds = { cacheMs: 10_000, usesPerKey: 100 }) => {
  const fake = createFakeService();
  return { ...fake, envelope: createEnvelope(fake.service, bounds), reader: createEnvelope(fake.service, bounds) };
};

const contains = (bytes: Uint8Array, part: Uint8Array) => Buffer.from(bytes).includes(Buffer.from(part));

describe('an envelope', () => {
  test('gives back what was put in, whatever it is and belongs to', async () => {
    const { envelope, reader } = given();
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 2000 }),
        fc.string(),
        fc.string(),
        fc.string(),
        async (bytes, name, version, tenant) => {
          const binding = { name, version, tenant };
          const sealed = await envelope.seal(bytes, binding, signal);
          expect((await reader.open(sealed, binding, signal)).plaintext).toEqual(Uint8Array.from(bytes));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('holds none of it in the clear', async () => {
    const { envelope } = given();
    const sealed = await envelope.seal(PLAIN, BINDING, signal);
    expect(isEnvelope(sealed)).toBe(true);
    for (let at = 0; at + 8 <= PLAIN.length; at += 1) expect(contains(sealed, PLAIN.subarray(at, at + 8))).toBe(false);
  });

  test.each(['with', 'without'])(
    'is refused with any byte changed, cut off or put to it, %s the data key at hand',
    async (how) => {
      const { envelope, service } = given();
      const sealed = await envelope.seal(PLAIN, BINDING, signal);
      await envelope.open(sealed, BINDING, signal);
      const open = (bytes: Uint8Array) =>
        (how === 'with' ? envelope : createEnvelope(service, { cacheMs: 0, usesPerKey: 1 })).open(bytes, BINDING, signal);
      const isRefused = async (bytes: Uint8Array, what: string) => {
        const error = await open(bytes).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error instanceof EnvelopeRefused || (error instanceof KeyError && error.kind === 'refused'), what).toBe(true);
      };
      for (let at = 0; at < sealed.length; at += 1) {
        const changed = sealed.slice();
        changed[at]! ^= 1 << (at % 8);
        await isRefused(changed, `byte ${at}`);
        await isRefused(sealed.slice(0, at), `cut at ${at}`);
      }
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), (more) =>
          isRefused(Uint8Array.of(...sealed, ...more), 'longer'),
        ),
        { numRuns: 50 },
      );
    },
  );

  test('is refused as bytes of any kind', async () => {
    const { envelope } = given();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, hasMagic) => {
        const shown = hasMagic ? Uint8Array.of(0x53, 0x51, 0x45, 0x31, ...bytes) : bytes;
        await expect(envelope.open(shown, BINDING, signal)).rejects.toBeInstanceOf(EnvelopeRefused);
      }),
      { numRuns: 300 },
    );
  });

  test('of another object is refused, and parts of two make none', async () => {
    const { envelope } = given();
    const one = await envelope.seal(PLAIN, BINDING, signal);
    for (const other of [{ name: 'model other' }, { version: '4' }, { tenant: 'other' }]) {
      const binding = { ...BINDING, ...other };
      await expect(envelope.open(one, binding, signal)).rejects.toBeInstanceOf(EnvelopeRefused);
      // The header of the one before the ciphertext of the other: both right, and under the same data key where the tenant is the same.
      const two = await envelope.seal(PLAIN, binding, signal);
      const { head } = readHeader(two);
      const mixed = Uint8Array.of(...two.subarray(0, head.length + 28), ...one.subarray(readHeader(one).head.length + 28));
      await expect(envelope.open(mixed, binding, signal)).rejects.toBeInstanceOf(EnvelopeRefused);
    }
  });

  test('keeps its ciphertext when its data key is wrapped anew', async () => {
    const { envelope, rotate, reader } = given();
    const before = await envelope.seal(PLAIN, BINDING, signal);
    rotate();
    const after = await envelope.rewrap(before, BINDING, signal);
    expect(readHeader(after).header.key.keyId).toBe('v2');
    expect(after.subarray(readHeader(after).head.length + 28)).toEqual(before.subarray(readHeader(before).head.length + 28));
    for (const sealed of [before, after]) expect((await reader.open(sealed, BINDING, signal)).plaintext).toEqual(PLAIN);
  });
});

describe('data keys', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  test('encrypt as many objects as they may, and no more', async () => {
    const { envelope, calls } = given({ cacheMs: 10_000, usesPerKey: 3 });
    for (let object = 0; object < 7; object += 1) await envelope.seal(PLAIN, BINDING, signal);
    expect(calls.generate).toBe(3);
  });

  test('carry over an outage of the service for as long as they may be old, and not longer', async () => {
    const { reader, envelope, fail } = given({ cacheMs: 10_000, usesPerKey: 100 });
    const sealed = await envelope.seal(PLAIN, BINDING, signal);
    await reader.open(sealed, BINDING, signal);
    fail('unavailable');
    vi.advanceTimersByTime(9_999);
    expect((await reader.open(sealed, BINDING, signal)).plaintext).toEqual(PLAIN);
    vi.advanceTimersByTime(1);
    await expect(reader.open(sealed, BINDING, signal)).rejects.toMatchObject({ kind: 'unavailable' });
    fail('none');
    await reader.open(sealed, BINDING, signal);
  });

  test('are asked about once they are half as old, and forgotten at once when they are refused', async () => {
    const { reader, envelope, fail, calls } = given({ cacheMs: 10_000, usesPerKey: 100 });
    const sealed = await envelope.seal(PLAIN, BINDING, signal);
    const opened = await reader.open(sealed, BINDING, signal);
    fail('refused');
    vi.advanceTimersByTime(4_999);
    await opened.confirm(signal);
    expect(calls.unwrap).toBe(1);
    vi.advanceTimersByTime(1);
    await expect(opened.confirm(signal)).rejects.toMatchObject({ kind: 'refused' });
    fail('unavailable');
    await expect(reader.open(sealed, BINDING, signal)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('are not kept at all where they may not be', async () => {
    const { reader, envelope, fail } = given({ cacheMs: 0, usesPerKey: 1 });
    const sealed = await envelope.seal(PLAIN, BINDING, signal);
    await reader.open(sealed, BINDING, signal);
    fail('unavailable');
    await expect(reader.open(sealed, BINDING, signal)).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(envelope.seal(PLAIN, BINDING, signal)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
