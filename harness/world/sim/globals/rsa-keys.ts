import { checkPrimeSync, createPrivateKey, type KeyObject } from 'node:crypto';
import { createRandom } from '../../../random.ts';

/**
 * RSA keys that are the same in every process: key number n is made of n. They sign within one simulated run, where nobody attacks, and
 * nowhere else. How long a key's DER is differs from key to key, and with it what a link takes to carry it, so that fresh keys would make
 * two runs of one seed differ.
 */
export const rsaKey = (index: number, bits: number): KeyObject => {
  const name = `${index}/${bits}`;
  const known = made.get(name);
  if (known) return known;
  const key = makeKey(createRandom(index, 'rsa', String(bits)), bits);
  made.set(name, key);
  return key;
};

/** Keys that runs draw from: more than a run's revocations make. */
export const RSA_KEYS = 16;

const made = new Map<string, KeyObject>();

const EXPONENT = 65_537n;
const WORD_BITS = 32;

const randomInteger = (random: () => number, bits: number): bigint => {
  let value = 0n;
  for (let drawn = 0; drawn < bits; drawn += WORD_BITS) {
    value = (value << BigInt(WORD_BITS)) | BigInt(Math.floor(random() * 2 ** WORD_BITS));
  }
  return value;
};

/** A prime with its two highest bits set, so that the product of two has all its bits. */
const randomPrime = (random: () => number, bits: number): bigint => {
  const highest = 3n << BigInt(bits - 2);
  let candidate = randomInteger(random, bits) | highest | 1n;
  while (candidate % EXPONENT === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
};

/** Extended Euclid. */
const inverse = (value: bigint, modulus: bigint): bigint => {
  let [oldRest, rest] = [value % modulus, modulus];
  let [oldFactor, factor] = [1n, 0n];
  while (rest !== 0n) {
    const quotient = oldRest / rest;
    [oldRest, rest] = [rest, oldRest - quotient * rest];
    [oldFactor, factor] = [factor, oldFactor - quotient * factor];
  }
  return ((oldFactor % modulus) + modulus) % modulus;
};

const base64url = (value: bigint): string => {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
};

const makeKey = (random: () => number, bits: number): KeyObject => {
  const p = randomPrime(random, bits / 2);
  const q = randomPrime(random, bits / 2);
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const parts = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, base64url(value)]));
  return createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' });
};
