import { randomBytes } from '../../../mocks/shared/aes-gcm.ts';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from '../../../mocks/shared/base64-bytes.ts';
import { requestEntraToken } from '../clients/azure.ts';
import { LinkError } from '../errors.ts';
import { createKeyCall, textIn } from './call.ts';
import type { KeyLink } from './key-link.ts';
import { type KeyChoice, KeyError, type KeyService, type WrappedKey } from './key-service.ts';

const SCOPE = 'https://vault.azure.net/.default';
const API_VERSION = '7.6';
const ALGORITHM = 'RSA-OAEP-256';
const DATA_KEY_BYTES = 32;

const KEY_PATH = /^\/keys\/[0-9a-zA-Z-]{1,127}\/[0-9a-f]{32}$/;

/**
 * Azure Key Vault: it has no data keys of its own; they are drawn here, and wrapped there by RSA-OAEP-256. It binds them to no context: what an
 * envelope is of is bound by the envelope alone. Source: @azure/keyvault-keys 4.10; read November 2026.
 */
export const azureKeyService = (link: KeyLink, { keyName, keyVersion }: KeyChoice): KeyService => {
  const call = createKeyCall(link, async (credential, _, signal) => {
    if (credential.provider !== 'azure')
      throw new LinkError('credential', `A credential of ${credential.provider} does not open azure.`);
    const { token } = await requestEntraToken(credential, link, SCOPE, signal);
    return async (request) => ({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
  });
  const ask = (path: string, verb: string, value: string, signal: AbortSignal) =>
    call(
      {
        method: 'POST',
        url: `${link.endpoint}${path}/${verb}?api-version=${API_VERSION}`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ alg: ALGORITHM, value }),
      },
      signal,
    );

  const wrap = async (plaintext: Uint8Array, signal: AbortSignal): Promise<WrappedKey> => {
    const answer = await ask(`/keys/${keyName}/`, 'wrapkey', toBase64Url(plaintext), signal);
    const wrapped = fromBase64Url(textIn(answer, 'value', link));
    if (!wrapped) throw new KeyError('unavailable', `${link.id} answered with no wrapped key.`);
    // Without the vault's address, which is another one on every way to it.
    return { cloud: 'azure', keyId: new URL(textIn(answer, 'kid', link)).pathname, wrapped: toBase64(wrapped) };
  };

  const unwrap = async ({ keyId, wrapped }: WrappedKey, signal: AbortSignal): Promise<Uint8Array> => {
    if (!KEY_PATH.test(keyId)) throw new KeyError('refused', 'The envelope names no key of a vault.');
    const path = keyVersion === 'own' ? keyId : `/keys/${keyName}/`;
    const answer = await ask(path, 'unwrapkey', toBase64Url(fromBase64(wrapped) ?? new Uint8Array()), signal);
    const bytes = fromBase64Url(textIn(answer, 'value', link));
    if (bytes?.length !== DATA_KEY_BYTES) throw new KeyError('unavailable', `${link.id} answered with no data key.`);
    return bytes;
  };

  return {
    async generateDataKey(_, signal) {
      const plaintext = randomBytes(DATA_KEY_BYTES);
      return { plaintext, wrapped: await wrap(plaintext, signal) };
    },
    unwrap: (wrapped, _, signal) => unwrap(wrapped, signal),
    rewrap: async (wrapped, _, signal) => wrap(await unwrap(wrapped, signal), signal),
  };
};
