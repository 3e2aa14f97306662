import type { LoadClient } from './load-identity.ts';

/** The tokens of a load's callers, kept fresh. */
export interface CallerTokens {
  /** Gets the first of each; resolves, too, when some cannot be had. */
  start(): Promise<void>;
  /** The header `authorization` of a tenant's requests; undefined while it has no token. */
  headerOf(tenant: string): string | undefined;
  /** The system under test does not take the tenant's token: it gets another. */
  refused(tenant: string): void;
  stop(): void;
}

export interface CallerTokensOptions {
  readonly tokenEndpoint: string;
  readonly callers: readonly LoadClient[];
  /** The callers' own way to the issuer. */
  readonly fetch: typeof globalThis.fetch;
  /** Hears of each token before it is used. */
  readonly onSecret?: (token: string) => void;
}

/** A token is renewed when so much of its life is over. */
const RENEW_AT_SHARE = 0.5;
/** Before the issuer is asked again that gave none. */
const RETRY_MS = 500;

interface Held {
  readonly client: LoadClient;
  header: string | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
  gotAtMs: number;
}

/** @see RFC 6749, section 4.4 */
export const createCallerTokens = ({ tokenEndpoint, callers, fetch, onSecret }: CallerTokensOptions): CallerTokens => {
  const held = new Map<string, Held>(
    callers.map((client) => [client.tenant, { client, header: undefined, timer: undefined, gotAtMs: 0 }]),
  );
  let isStopped = false;

  const get = async ({ id, secret }: LoadClient) => {
    const authorization = `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`;
    const response = await fetch(tokenEndpoint, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
    if (!response.ok) throw new TypeError(`the issuer answers ${response.status}`);
    return (await response.json()) as { readonly access_token: string; readonly expires_in: number };
  };

  const renew = async (one: Held): Promise<void> => {
    clearTimeout(one.timer);
    let nextMs = RETRY_MS;
    try {
      const { access_token: token, expires_in: lifetimeS } = await get(one.client);
      onSecret?.(token);
      one.header = `Bearer ${token}`;
      one.gotAtMs = performance.now();
      nextMs = lifetimeS * 1000 * RENEW_AT_SHARE;
    } catch {
      // What it has is used for as long as it is taken.
    }
    if (isStopped) return;
    clearTimeout(one.timer);
    one.timer = setTimeout(() => void renew(one), nextMs);
  };

  return {
    start: async () => void (await Promise.all([...held.values()].map(renew))),
    headerOf: (tenant) => held.get(tenant)?.header,
    refused(tenant) {
      const one = held.get(tenant);
      // One that was got a moment ago is not refused for its age: another would be no better.
      if (one && performance.now() - one.gotAtMs >= RETRY_MS) {
        one.gotAtMs = performance.now();
        void renew(one);
      }
    },
    stop() {
      isStopped = true;
      for (const { timer } of held.values()) clearTimeout(timer);
    },
  };
};
