import { z } from 'zod';
import type { GatewayLink } from '../config.ts';
import { LinkError } from '../errors.ts';
import { type ProviderAnswer, readJson, send } from './http.ts';

/** An OAuth 2.0 access token. */
export interface BearerToken {
  /** Secret. */
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** What of a link says where tokens are to be had. */
export type TokenLink = Pick<GatewayLink, 'id' | 'provider' | 'tokenEndpoint'>;

/** RFC 6749, section 5.1. */
const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** A token endpoint refuses a credential with 400 or 401 (RFC 6749, section 5.2); what else it answers is its own trouble. */
const kindOf = ({ status }: ProviderAnswer) =>
  status === 400 || status === 401 || status === 403 ? 'credential' : 'unavailable';

/**
 * Where the provider of a link issues tokens.
 * @throws {LinkError} `credential` when the configuration has none
 */
export const tokenEndpointOf = (link: TokenLink): string => {
  if (link.tokenEndpoint === undefined) {
    throw new LinkError('credential', `The link ${link.id} has no token endpoint; ${link.provider} needs one.`);
  }
  return link.tokenEndpoint;
};

/**
 * Asks a token endpoint for an access token.
 * @throws {LinkError} `credential` when it refuses; `connection` or `unavailable` when it cannot answer
 */
export const requestToken = async (
  who: string,
  url: string,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<BearerToken> => {
  const askedAtMs = Date.now();
  const answer = await send(
    who,
    {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    },
    signal,
  );
  const { data } = tokenAnswer.safeParse(readJson(who, answer, kindOf));
  if (!data) throw new LinkError('unavailable', `${who} answered 200 without a token.`);
  return { token: data.access_token, expiresAtMs: askedAtMs + data.expires_in * 1000 };
};
