import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as sim from '../../../../harness/world/fetch/sha256.ts';
import * as live from '../../../../mocks/shared/sha256.ts';

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 100 }), fc.string({ minLength: 300, maxLength: 2000 }));
/** Below, at and above the length of a block, from which on a key is hashed first. */
const key = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.uint8Array({ minLength: 62, maxLength: 66 }),
  fc.string({ unit: 'binary' }),
);

describe('the simulated world’s hashes', () => {
  test('offer what the live world’s offer', () => {
    expect(Object.keys(sim).sort()).toEqual(Object.keys(live).sort());
  });

  test('are SHA-256, as the live world’s', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 300 })), (data) => {
        const expected = createHash('sha256').update(data).digest('hex');
        expect(sim.sha256Hex(data)).toBe(expected);
        expect(live.sha256Hex(data)).toBe(expected);
      }),
    );
  });

  test('are HMAC-SHA-256 under a key, as the live world’s', () => {
    fc.assert(
      fc.property(key, text, (by, data) => {
        const expected = createHmac('sha256', by).update(data).digest();
        for (const { createHmacKey } of [sim, live]) {
          const made = createHmacKey(by);
          expect(made.signHex(data)).toBe(expected.toString('hex'));
          // Once more: whatever a text leaves behind in a key, another is signed as by a fresh one.
          expect(made.signHex('')).toBe(createHmac('sha256', by).update('').digest('hex'));
          expect([...made.sign(data)]).toEqual([...expected]);
        }
      }),
    );
  });

  test('of a key outlive a change of the bytes that it was made of', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const made = sim.createHmacKey(bytes);
    const before = made.signHex('text');
    bytes.fill(0);
    made.sign('text').fill(0);
    expect(made.signHex('text')).toBe(before);
  });
});
