import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** MD5, which is what S3's entity tags and `Content-MD5` are. @returns 16 bytes */
export const md5Of = (bytes: Uint8Array): Uint8Array => md5(bytes);

/** Entity tag of what was put in one piece. */
export const etagOf = (bytes: Uint8Array): string => `"${bytesToHex(md5(bytes))}"`;

/** Entity tag of what was put in parts: of the parts' own hashes, with how many there are (S3 user guide, "Checking object integrity"; read November 2026). */
export const multipartEtagOf = (hashes: readonly Uint8Array[]): string => {
  const all = new Uint8Array(hashes.length * 16);
  for (const [index, hash] of hashes.entries()) all.set(hash, index * 16);
  return `"${bytesToHex(md5(all))}-${hashes.length}"`;
};
