import { sha256Hex } from '../../../mocks/shared/sha256.ts';

/** Of an artifact: SHA-256, 64 hexadecimal digits in lower case. */
export const digestOf = (bytes: Uint8Array): string => sha256Hex(bytes);

const HEX_PAIR = /../g;

/** A digest as the header `Content-Digest` has it (RFC 9530): `sha-256=:<base64>:`. */
export const contentDigest = (digest: string): string =>
  `sha-256=:${btoa(String.fromCharCode(...(digest.match(HEX_PAIR) ?? []).map((pair) => Number.parseInt(pair, 16))))}:`;
