import type { GatewayConfig } from '../config.ts';
import { IssuerUnavailable } from './key-set.ts';

/** The header `authorization` by which a part of the stack makes itself known to another; undefined where nobody asks. */
export type PartHeader = () => Promise<string | undefined>;

/** A token is renewed when so much of its life is over. */
const RENEW_AT_SHARE = 0.5;
const TIMEOUT_MS = 500;

/** @see RFC 6749, section 4.4, and RFC 8707 for `resource` */
export const partHeaderOf = (
  { design, identity }: Pick<GatewayConfig, 'design' | 'identity'>,
  fetch: typeof globalThis.fetch,
): PartHeader => {
  if (design.identity === false || !identity) return async () => undefined;
  const { endpoint, client, internalAudience } = identity;
  const authorization = `Basic ${btoa(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`)}`;
  let held = { header: '', renewAtMs: 0, endsAtMs: 0 };
  let getting: Promise<void> | undefined;

  const get = async (): Promise<void> => {
    const response = await fetch(`${endpoint}/token`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: internalAudience, scope: 'work' }).toString(),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new IssuerUnavailable(`The issuer answers ${response.status}.`);
    const { access_token: token, expires_in: lifetimeS } = (await response.json()) as {
      access_token: string;
      expires_in: number;
    };
    const nowMs = performance.now();
    held = {
      header: `Bearer ${token}`,
      renewAtMs: nowMs + lifetimeS * 1000 * RENEW_AT_SHARE,
      endsAtMs: nowMs + lifetimeS * 1000,
    };
  };

  return async () => {
    const nowMs = performance.now();
    if (nowMs >= held.renewAtMs) {
      getting ??= get().finally(() => {
        getting = undefined;
      });
      // What is still good is used meanwhile: a silent issuer holds nobody up.
      if (nowMs >= held.endsAtMs) await getting;
      else getting.catch(() => undefined);
    }
    return held.header;
  };
};
