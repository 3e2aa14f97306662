import { open, seal } from '../../shared/aes-gcm.ts';
import { invalidCiphertext } from './errors.ts';
import type { KmsKey } from './key.ts';
import type { KmsRegion } from './region.ts';

/** What a caller binds a ciphertext to: any text by name. */
export type EncryptionContext = Readonly<Record<string, string>>;

const encoder = new TextEncoder();

/** First byte of every ciphertext here. AWS keeps its own form to itself. */
const FORM = 1;
/** Form, id of the key, number of the material. */
const HEAD_BYTES = 1 + 16 + 2;

/** In one order and with lengths, so that no two contexts have the same bytes. */
const contextBytes = (arn: string, context: EncryptionContext): Uint8Array =>
  encoder.encode(JSON.stringify([arn, Object.entries(context).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))]));

const idBytes = (keyId: string): Uint8Array =>
  Uint8Array.from((keyId.replaceAll('-', '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));

const idOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

export const encryptWith = async (key: KmsKey, plaintext: Uint8Array, context: EncryptionContext): Promise<Uint8Array> => {
  const material = key.materials.length - 1;
  const sealed = await seal(await key.materials[material]!, plaintext, contextBytes(key.arn, context));
  const blob = new Uint8Array(HEAD_BYTES + sealed.length);
  blob[0] = FORM;
  blob.set(idBytes(key.keyId), 1);
  new DataView(blob.buffer).setUint16(17, material);
  blob.set(sealed, HEAD_BYTES);
  return blob;
};

/** The key that a ciphertext names. @throws {AwsError} `InvalidCiphertextException` */
export const keyOfCiphertext = (keys: KmsRegion, blob: Uint8Array): KmsKey => {
  const key = blob[0] === FORM && blob.length > HEAD_BYTES ? keys.byId(idOf(blob.subarray(1, 17))) : undefined;
  if (!key) throw invalidCiphertext();
  return key;
};

/** @throws {AwsError} `InvalidCiphertextException` where any byte, or the context, is another one */
export const decryptWith = async (key: KmsKey, blob: Uint8Array, context: EncryptionContext): Promise<Uint8Array> => {
  const material = key.materials[new DataView(blob.buffer, blob.byteOffset).getUint16(17)];
  const plaintext = material ? await open(await material, blob.subarray(HEAD_BYTES), contextBytes(key.arn, context)) : null;
  if (!plaintext) throw invalidCiphertext();
  return plaintext;
};
