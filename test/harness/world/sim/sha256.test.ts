import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as sim from '../../../../harness/world/sim/globals/sha256.ts';
import * as live from '../../../../mocks/shared/sha256.ts';

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 100 }), fc.string({ minLength: 300, maxLength: 2000 }));
/** Below, at and above the length of a block, from which on a key is hashed first. */
const key = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.uint8Array({ minLength: 62, maxLength: 66 }),
  fc.string({ unit: 'binary', minLength: 1 }),
);

describe('the simulated world’s hashes', () => {
  test('offer what the live world’s offer', () => {
    expect(Object.keys(sim).sort()).toEqual(Object.keys(live).sort());
  });

  test('are the live world’s', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 300 })), (data) => {
        expect(sim.sha256Hex(data)).toBe(live.sha256Hex(data));
      }),
    );
  });

  test('are the live world’s under a key', () => {
    fc.assert(
      fc.property(key, text, (by, data) => {
        expect(sim.hmacSha256Hex(by, data)).toBe(live.hmacSha256Hex(by, data));
        expect([...sim.hmacSha256(by, data)]).toEqual([...live.hmacSha256(by, data)]);
      }),
    );
  });

  test('of several keys are each its own', () => {
    const first = sim.hmacSha256('a', 'text');
    sim.hmacSha256('b', 'text');
    expect([...first]).toEqual([...live.hmacSha256('a', 'text')]);
  });
});
