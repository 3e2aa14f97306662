import { z } from 'zod';
import { randomBytes } from '../../shared/aes-gcm.ts';
import { fromBase64, toBase64 } from '../../shared/base64-bytes.ts';
import { AwsError, frontEndError } from '../errors.ts';
import { validate } from '../wire/validation.ts';
import { decryptWith, type EncryptionContext, encryptWith, keyOfCiphertext } from './ciphertext.ts';
import { checkUsable, dryRun, incorrectKey } from './errors.ts';
import type { KmsKey } from './key.ts';
import type { KmsOperation } from './operation.ts';
import type { KmsRegion } from './region.ts';

/** Bounds are of the service model (@aws-sdk/client-kms 3.1164; read November 2026). */
const KeyId = z.string().min(1).max(2048);
const MAX_PLAINTEXT_BYTES = 4096;
const MAX_CIPHERTEXT_BYTES = 6144;
const MAX_KEY_BYTES = 1024;

const VALIDATION = 'ValidationException';
const ALGORITHM = z.literal('SYMMETRIC_DEFAULT').default('SYMMETRIC_DEFAULT');
const EncryptionContextShape = z.record(z.string(), z.string()).default({});
const DryRun = z.boolean().default(false);

/** A blob, which is base64 in JSON. */
const blobOf = (text: string, member: string, maxBytes: number): Uint8Array => {
  const bytes = fromBase64(text);
  if (!bytes) throw frontEndError('SerializationException', `${member}: base64 is expected.`, 400);
  if (bytes.length >= 1 && bytes.length <= maxBytes) return bytes;
  throw new AwsError(VALIDATION, 400, {
    message: `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length from 1 to ${maxBytes}`,
  });
};

/** The key, where it may be used. @throws {AwsError} */
const usable = (keys: KmsRegion, asked: string): KmsKey => {
  const key = keys.find(asked, true);
  checkUsable(key);
  return key;
};

/** Of what is decrypted: the key that it names, which has to be the one that the caller names, if any. @throws {AwsError} */
const usableOf = (keys: KmsRegion, blob: Uint8Array, asked: string | undefined): KmsKey => {
  const key = keyOfCiphertext(keys, blob);
  if (asked !== undefined && keys.find(asked, true) !== key) throw incorrectKey();
  checkUsable(key);
  return key;
};

const checkDryRun = (isDryRun: boolean): void => {
  if (isDryRun) throw dryRun();
};

/** For the words of a denial. */
const resourceOf: KmsOperation['resourceOf'] = (input, keys) => {
  const { KeyId: asked = input.SourceKeyId, CiphertextBlob: blob } = input;
  try {
    if (typeof asked === 'string') return keys.find(asked, true).arn;
    return keyOfCiphertext(keys, fromBase64(String(blob)) ?? new Uint8Array()).arn;
  } catch {
    return '*';
  }
};

const dataKeyShape = z.looseObject({
  KeyId,
  KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
  NumberOfBytes: z.int().min(1).max(MAX_KEY_BYTES).optional(),
  EncryptionContext: EncryptionContextShape,
  DryRun,
});

const generate = async (raw: unknown, keys: KmsRegion) => {
  const input = validate(dataKeyShape, raw, VALIDATION);
  if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) {
    throw new AwsError(VALIDATION, 400, { message: 'Please specify either number of bytes or key spec.' });
  }
  const key = usable(keys, input.KeyId);
  checkDryRun(input.DryRun);
  const plaintext = randomBytes(input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32));
  const blob = await encryptWith(key, plaintext, input.EncryptionContext);
  return { plaintext: toBase64(plaintext), wrapped: { CiphertextBlob: toBase64(blob), KeyId: key.arn } };
};

const decrypt = async (
  keys: KmsRegion,
  text: string,
  asked: string | undefined,
  context: EncryptionContext,
): Promise<{ readonly key: KmsKey; readonly plaintext: Uint8Array }> => {
  const blob = blobOf(text, 'ciphertextBlob', MAX_CIPHERTEXT_BYTES);
  const key = usableOf(keys, blob, asked);
  return { key, plaintext: await decryptWith(key, blob, context) };
};

/** Encryption by keys that never leave the service. */
export const cryptoOperations: Readonly<Record<string, KmsOperation>> = {
  Encrypt: {
    resourceOf,
    async run(raw, keys) {
      const shape = z.looseObject({
        KeyId,
        Plaintext: z.string(),
        EncryptionContext: EncryptionContextShape,
        EncryptionAlgorithm: ALGORITHM,
        DryRun,
      });
      const input = validate(shape, raw, VALIDATION);
      const plaintext = blobOf(input.Plaintext, 'plaintext', MAX_PLAINTEXT_BYTES);
      const key = usable(keys, input.KeyId);
      checkDryRun(input.DryRun);
      const blob = await encryptWith(key, plaintext, input.EncryptionContext);
      return { CiphertextBlob: toBase64(blob), KeyId: key.arn, EncryptionAlgorithm: input.EncryptionAlgorithm };
    },
  },
  Decrypt: {
    resourceOf,
    async run(raw, keys) {
      const shape = z.looseObject({
        CiphertextBlob: z.string(),
        KeyId: KeyId.optional(),
        EncryptionContext: EncryptionContextShape,
        EncryptionAlgorithm: ALGORITHM,
        DryRun,
      });
      const input = validate(shape, raw, VALIDATION);
      const { key, plaintext } = await decrypt(keys, input.CiphertextBlob, input.KeyId, input.EncryptionContext);
      checkDryRun(input.DryRun);
      return { KeyId: key.arn, Plaintext: toBase64(plaintext), EncryptionAlgorithm: input.EncryptionAlgorithm };
    },
  },
  GenerateDataKey: {
    resourceOf,
    async run(raw, keys) {
      const { plaintext, wrapped } = await generate(raw, keys);
      return { ...wrapped, Plaintext: plaintext };
    },
  },
  GenerateDataKeyWithoutPlaintext: { resourceOf, run: async (raw, keys) => (await generate(raw, keys)).wrapped },
  ReEncrypt: {
    resourceOf,
    async run(raw, keys) {
      const shape = z.looseObject({
        CiphertextBlob: z.string(),
        SourceKeyId: KeyId.optional(),
        SourceEncryptionContext: EncryptionContextShape,
        DestinationKeyId: KeyId,
        DestinationEncryptionContext: EncryptionContextShape,
        DryRun,
      });
      const input = validate(shape, raw, VALIDATION);
      const to = usable(keys, input.DestinationKeyId);
      const from = await decrypt(keys, input.CiphertextBlob, input.SourceKeyId, input.SourceEncryptionContext);
      checkDryRun(input.DryRun);
      const blob = await encryptWith(to, from.plaintext, input.DestinationEncryptionContext);
      return {
        CiphertextBlob: toBase64(blob),
        SourceKeyId: from.key.arn,
        KeyId: to.arn,
        SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      };
    },
  },
};
