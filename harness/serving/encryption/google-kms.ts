import { randomBytes } from '../../../mocks/shared/aes-gcm.ts';
import { fromBase64, toBase64 } from '../../../mocks/shared/base64-bytes.ts';
import { crc32c } from '../../../mocks/shared/crc.ts';
import { requestGoogleToken } from '../clients/google.ts';
import { LinkError } from '../errors.ts';
import { createKeyCall, textIn } from './call.ts';
import type { KeyLink } from './key-link.ts';
import { contextText, type KeyChoice, type KeyContext, KeyError, type KeyService, type WrappedKey } from './key-service.ts';

const DATA_KEY_BYTES = 32;

const sumOf = (bytes: Uint8Array): string => String(new DataView(crc32c(bytes).buffer).getUint32(0));

/**
 * Cloud KMS: it has no data keys of its own; they are drawn here, and encrypted there with the context as additional data. Check sums go with both.
 * Source: `service.proto` of @google-cloud/kms 6.3; read November 2026.
 */
export const googleKeyService = (link: KeyLink, { keyName }: KeyChoice): KeyService => {
  let projectId = '';
  const call = createKeyCall(link, async (credential, _, signal) => {
    if (credential.provider !== 'google')
      throw new LinkError('credential', `A credential of ${credential.provider} does not open google.`);
    projectId = credential.projectId;
    const { token } = await requestGoogleToken(credential, link, signal, Date.now());
    return async (request) => ({
      ...request,
      // The project is known by its credential alone.
      url: request.url.replace('{project}', credential.projectId),
      headers: { ...request.headers, authorization: `Bearer ${token}` },
    });
  });
  const keyPath = `projects/{project}/locations/${link.region}/keyRings/${keyName}/cryptoKeys/${keyName}`;
  const ask = (path: string, verb: string, body: Readonly<Record<string, unknown>>, signal: AbortSignal) =>
    call(
      {
        method: 'POST',
        url: `${link.endpoint}/v1/${path}:${verb}`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
      signal,
    );
  const additional = (context: KeyContext): string => toBase64(new TextEncoder().encode(contextText(context)));

  const wrap = async (plaintext: Uint8Array, context: KeyContext, signal: AbortSignal): Promise<WrappedKey> => {
    const body = {
      plaintext: toBase64(plaintext),
      plaintextCrc32c: sumOf(plaintext),
      additionalAuthenticatedData: additional(context),
    };
    const answer = await ask(keyPath, 'encrypt', body, signal);
    const wrapped = textIn(answer, 'ciphertext', link);
    const bytes = fromBase64(wrapped);
    // What was lost or changed on the way would never be read again.
    if (answer.verifiedPlaintextCrc32c !== true || !bytes || answer.ciphertextCrc32c !== sumOf(bytes)) {
      throw new KeyError('unavailable', `${link.id} answered with another check sum.`);
    }
    return { cloud: 'google', keyId: textIn(answer, 'name', link), wrapped };
  };

  const unwrap = async ({ keyId, wrapped }: WrappedKey, context: KeyContext, signal: AbortSignal): Promise<Uint8Array> => {
    const key = keyId.replace(/\/cryptoKeyVersions\/\d+$/, '');
    if (projectId !== '' && !key.startsWith(`projects/${projectId}/`))
      throw new KeyError('refused', 'The key is of another project.');
    const answer = await ask(key, 'decrypt', { ciphertext: wrapped, additionalAuthenticatedData: additional(context) }, signal);
    const bytes = fromBase64(textIn(answer, 'plaintext', link));
    if (bytes?.length !== DATA_KEY_BYTES || answer.plaintextCrc32c !== sumOf(bytes)) {
      throw new KeyError('unavailable', `${link.id} answered with no data key.`);
    }
    return bytes;
  };

  return {
    async generateDataKey(context, signal) {
      const plaintext = randomBytes(DATA_KEY_BYTES);
      return { plaintext, wrapped: await wrap(plaintext, context, signal) };
    },
    unwrap,
    rewrap: async (wrapped, context, signal) => wrap(await unwrap(wrapped, context, signal), context, signal),
  };
};
