import { z } from 'zod';
import type { ProviderCredential } from '../../../mocks/emulator.ts';
import type { GatewayLink } from '../config.ts';
import { LinkError } from '../errors.ts';
import { readJson, send } from './http.ts';

const text = z.string().min(1);

/** `ProviderCredential`, as it comes over the wire. */
const credential = z.discriminatedUnion('provider', [
  z.object({
    provider: z.literal('aws'),
    accessKeyId: text,
    secretAccessKey: text,
    sessionToken: text.optional(),
    expiresAtMs: z.number().optional(),
  }),
  z.object({
    provider: z.literal('google'),
    projectId: text,
    clientEmail: text,
    privateKeyId: text,
    privateKeyPem: text,
  }),
  z.object({ provider: z.literal('azure'), tenantId: text, clientId: text, clientSecret: text, endpointKey: text }),
]);

const secretAnswer = z.object({ credential });

/**
 * Reads the workload's current credential.
 * @throws {LinkError} `credential` when the store does not open, `connection` or `unavailable` when it cannot answer
 */
export const readSecret = async (
  link: Pick<GatewayLink, 'provider' | 'secretEndpoint' | 'secretStoreToken'>,
  signal: AbortSignal,
): Promise<ProviderCredential> => {
  const who = `The secret store of ${link.provider}`;
  const headers = { authorization: `Bearer ${link.secretStoreToken}` };
  const answer = await send(who, { method: 'GET', url: `${link.secretEndpoint}/credential`, headers }, signal);
  const { data } = secretAnswer.safeParse(readJson(who, answer));
  // The issues of the parse are not told: they could hold a part of the secret.
  if (!data) throw new LinkError('unavailable', `${who} answered 200 without a credential.`);
  return data.credential as ProviderCredential;
};
