import { createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FOUND, RSA_KEYS, rsaKey, searchPrimes } from '../../../../harness/world/sim/globals/rsa-keys.ts';

const indices = Array.from({ length: RSA_KEYS }, (_, index) => index);
const modulusOf = (index: number) => rsaKey(index, 2048).export({ format: 'jwk' }).n;

describe('the keys of a simulated world', () => {
  test.each(indices)('number %i has the primes that a search finds', (index) => {
    expect(FOUND[2048]?.[index]).toEqual(searchPrimes(index, 2048));
  });

  test('are distinct, and of 2048 bits', () => {
    expect(new Set(indices.map(modulusOf)).size).toBe(RSA_KEYS);
    for (const index of indices) expect(rsaKey(index, 2048).asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  test.each([
    [0, 2048],
    [RSA_KEYS - 1, 2048],
    [0, 1024],
  ])('number %i of %i bits signs what it alone verifies', (index, bits) => {
    const data = Buffer.from('data');
    const signature = sign('sha256', data, rsaKey(index, bits));
    expect(verify('sha256', data, createPublicKey(rsaKey(index, bits)), signature)).toBe(true);
    expect(verify('sha256', data, createPublicKey(rsaKey(index === 0 ? 1 : 0, bits)), signature)).toBe(false);
  });
});
