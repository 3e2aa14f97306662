import { open, seal } from '../../shared/aes-gcm.ts';
import { toBase64 } from '../../shared/base64-bytes.ts';
import { crc32c } from '../../shared/crc.ts';
import { base64 } from '../base64.ts';
import { invalid, notEnabled } from './error.ts';
import type { CryptoKeyVersion, KmsKey } from './resources.ts';

type Body = Readonly<Record<string, unknown>>;

/** Of a software key, plaintext and additional data; a ciphertext is a little longer (`service.proto` of @google-cloud/kms 6.3). */
const MAX_BYTES = 64 * 1024;
const MAX_CIPHERTEXT_BYTES = MAX_BYTES + 1024;

/** Number of the version before what is sealed. Google keeps its own form to itself. */
const HEAD_BYTES = 4;

const encoder = new TextEncoder();

const sumOf = (bytes: Uint8Array): string => String(new DataView(crc32c(bytes).buffer).getUint32(0));

/** A field of bytes, held to its check sum where there is one. @throws {KmsError} */
const bytesOf = (body: Body, field: string, maxBytes: number): { readonly bytes: Uint8Array; readonly isSummed: boolean } => {
  const snake = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const text = body[field] ?? body[snake] ?? '';
  const bytes = typeof text === 'string' ? base64.decode(text) : null;
  if (!bytes)
    throw invalid(`Invalid value at '${snake}' (TYPE_BYTES), Base64 decoding failed for ${JSON.stringify(text).slice(0, 40)}`);
  if (bytes.length > maxBytes) throw invalid(`The ${snake} field is larger than ${maxBytes} bytes.`);
  const sum = body[`${field}Crc32c`] ?? body[`${snake}_crc32c`];
  if (sum === undefined || sum === null) return { bytes, isSummed: false };
  const given = typeof sum === 'object' ? (sum as { readonly value?: unknown }).value : sum;
  if (String(given) !== sumOf(bytes))
    throw invalid(`The checksum in field ${snake}_crc32c did not match the data in field ${snake}.`);
  return { bytes, isSummed: true };
};

/** What binds a ciphertext: its key, the number of its version, and what the caller says. */
const contextOf = (key: KmsKey, version: number, additional: Uint8Array): Uint8Array => {
  const head = encoder.encode(`${key.name}\n${version}\n`);
  const whole = new Uint8Array(head.length + additional.length);
  whole.set(head);
  whole.set(additional, head.length);
  return whole;
};

/** @param version the primary one unless the caller names another @throws {KmsError} */
export const encrypt = async (key: KmsKey, version: CryptoKeyVersion, body: Body) => {
  const plaintext = bytesOf(body, 'plaintext', MAX_BYTES);
  const additional = bytesOf(body, 'additionalAuthenticatedData', MAX_BYTES);
  if (version.state !== 'ENABLED' || !version.material) throw notEnabled(version.name, version.state);
  const sealed = await seal(await version.material, plaintext.bytes, contextOf(key, version.number, additional.bytes));
  const ciphertext = new Uint8Array(HEAD_BYTES + sealed.length);
  new DataView(ciphertext.buffer).setUint32(0, version.number);
  ciphertext.set(sealed, HEAD_BYTES);
  return {
    name: version.name,
    ciphertext: toBase64(ciphertext),
    ciphertextCrc32c: sumOf(ciphertext),
    verifiedPlaintextCrc32c: plaintext.isSummed,
    verifiedAdditionalAuthenticatedDataCrc32c: additional.isSummed,
    protectionLevel: 'SOFTWARE',
  };
};

const wrongKey = () => invalid("Decryption failed: verify that 'name' refers to the correct CryptoKey.");

/** By whichever version encrypted it. @throws {KmsError} */
export const decrypt = async (key: KmsKey, body: Body) => {
  const { bytes: ciphertext } = bytesOf(body, 'ciphertext', MAX_CIPHERTEXT_BYTES);
  const { bytes: additional } = bytesOf(body, 'additionalAuthenticatedData', MAX_BYTES);
  if (ciphertext.length <= HEAD_BYTES) throw wrongKey();
  const number = new DataView(ciphertext.buffer, ciphertext.byteOffset).getUint32(0);
  const version = key.versions[number - 1];
  if (!version) throw wrongKey();
  if (version.state !== 'ENABLED' || !version.material) throw notEnabled(version.name, version.state);
  const plaintext = await open(await version.material, ciphertext.subarray(HEAD_BYTES), contextOf(key, number, additional));
  if (!plaintext) throw wrongKey();
  return {
    plaintext: toBase64(plaintext),
    plaintextCrc32c: sumOf(plaintext),
    usedPrimary: number === key.primary,
    protectionLevel: 'SOFTWARE',
  };
};
