import { fromBase64 } from '../../../mocks/shared/base64-bytes.ts';
import { createAwsSigner } from '../clients/aws-signer.ts';
import { LinkError } from '../errors.ts';
import { createKeyCall, textIn } from './call.ts';
import type { KeyLink } from './key-link.ts';
import { type KeyChoice, type KeyContext, KeyError, type KeyService } from './key-service.ts';

/** AWS KMS: data keys of the service's own making, bound to the encryption context. Source: @aws-sdk/client-kms 3.1164; read November 2026. */
export const awsKeyService = (link: KeyLink, { keyName }: KeyChoice): KeyService => {
  const call = createKeyCall(link, async (credential) => {
    if (credential.provider !== 'aws')
      throw new LinkError('credential', `A credential of ${credential.provider} does not open aws.`);
    const signer = createAwsSigner(credential, 'kms', link.region);
    return ({ method, url, headers, body }) => signer.forHead({ method, url, headers })(body);
  });
  const ask = (operation: string, input: Readonly<Record<string, unknown>>, signal: AbortSignal) =>
    call(
      {
        method: 'POST',
        url: `${link.endpoint}/`,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
        body: JSON.stringify(input),
      },
      signal,
    );
  const KeyId = `alias/${keyName}`;
  const wrappedIn = (answer: Readonly<Record<string, unknown>>) => ({
    cloud: 'aws',
    keyId: textIn(answer, 'KeyId', link),
    wrapped: textIn(answer, 'CiphertextBlob', link),
  });
  const bytesIn = (answer: Readonly<Record<string, unknown>>): Uint8Array => {
    const bytes = fromBase64(textIn(answer, 'Plaintext', link));
    if (bytes?.length !== 32) throw new KeyError('unavailable', `${link.id} answered with no data key.`);
    return bytes;
  };
  return {
    async generateDataKey(context: KeyContext, signal) {
      const answer = await ask('GenerateDataKey', { KeyId, KeySpec: 'AES_256', EncryptionContext: context }, signal);
      return { plaintext: bytesIn(answer), wrapped: wrappedIn(answer) };
    },
    async unwrap({ keyId, wrapped }, context, signal) {
      return bytesIn(await ask('Decrypt', { KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: context }, signal));
    },
    async rewrap({ keyId, wrapped }, context, signal) {
      const input = {
        CiphertextBlob: wrapped,
        SourceKeyId: keyId,
        SourceEncryptionContext: context,
        DestinationKeyId: KeyId,
        DestinationEncryptionContext: context,
      };
      return wrappedIn(await ask('ReEncrypt', input, signal));
    },
  };
};
