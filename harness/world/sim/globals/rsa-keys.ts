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
  const key = makeKey(index, bits);
  made.set(name, key);
  return key;
};

/** Keys that runs draw from: more than a run's revocations make. */
export const RSA_KEYS = 16;

const made = new Map<string, KeyObject>();

/**
 * What `searchPrimes` finds for the keys that providers use, by bits and number: the search takes a tenth of a second a key, which is as long as
 * a short run.
 */
export const FOUND: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  2048: [
    [664, 138],
    [800, 502],
    [50, 274],
    [532, 514],
    [10, 1302],
    [200, 636],
    [3556, 1194],
    [142, 2550],
    [250, 1278],
    [2480, 462],
    [882, 570],
    [1672, 88],
    [32, 68],
    [864, 2072],
    [1466, 3282],
    [276, 136],
  ],
};

const EXPONENT = 65_537n;
const WORD_BITS = 32;

const randomInteger = (random: () => number, bits: number): bigint => {
  let value = 0n;
  for (let drawn = 0; drawn < bits; drawn += WORD_BITS) {
    value = (value << BigInt(WORD_BITS)) | BigInt(Math.floor(random() * 2 ** WORD_BITS));
  }
  return value;
};

/** Where the search for a prime begins: odd, with its two highest bits set, so that the product of two has all its bits. */
const randomStart = (random: () => number, bits: number): bigint => randomInteger(random, bits) | (3n << BigInt(bits - 2)) | 1n;

/** How far it is to the next prime that suits the exponent. */
const searchPrime = (start: bigint): number => {
  let distance = 0;
  while ((start + BigInt(distance)) % EXPONENT === 1n || !checkPrimeSync(start + BigInt(distance))) distance += 2;
  return distance;
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

/**
 * How far it is from where the searches for a key's two primes begin to where they end.
 * @internal exported for the test that searches anew
 */
export const searchPrimes = (index: number, bits: number): readonly [number, number] => {
  const random = randomOf(index, bits);
  return [searchPrime(randomStart(random, bits / 2)), searchPrime(randomStart(random, bits / 2))];
};

const randomOf = (index: number, bits: number) => createRandom(index, 'rsa', String(bits));

const makeKey = (index: number, bits: number): KeyObject => {
  const random = randomOf(index, bits);
  const [toP, toQ] = FOUND[bits]?.[index] ?? searchPrimes(index, bits);
  const p = randomStart(random, bits / 2) + BigInt(toP);
  const q = randomStart(random, bits / 2) + BigInt(toQ);
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const parts = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, base64url(value)]));
  return createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' });
};
