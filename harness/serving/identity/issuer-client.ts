import type { JWK } from 'jose';
import { openScope } from '../abort.ts';
import type { IdentityConfig } from './config.ts';
import { IssuerUnavailable } from './key-set.ts';

/** What has become of a token, or of a subject (RFC 7662, section 2.2). */
export interface Standing {
  readonly isActive: boolean;
  readonly scopes: readonly string[];
  readonly tenant: string;
}

/** The issuer as the stack asks it. Each call rejects with `IssuerUnavailable`. */
export interface IssuerClient {
  keys(): Promise<readonly JWK[]>;
  standingOf(asked: { readonly token: string } | { readonly subject: string }): Promise<Standing>;
}

/** Half of what an attempt on a link may take: nobody's request is held up for longer. */
const TIMEOUT_MS = 250;

export const createIssuerClient = (
  { endpoint, client }: Pick<IdentityConfig, 'endpoint' | 'client'>,
  fetch: typeof globalThis.fetch,
): IssuerClient => {
  const authorization = `Basic ${btoa(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`)}`;
  const never = new AbortController().signal;

  const ask = async (path: string, form?: URLSearchParams): Promise<Readonly<Record<string, unknown>>> => {
    const scope = openScope(never, {
      ms: TIMEOUT_MS,
      reason: () => new IssuerUnavailable('The issuer does not answer in time.'),
    });
    try {
      const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
      const { signal } = scope;
      const init = form ? { method: 'POST', headers, body: form.toString(), signal } : { signal };
      const response = await fetch(`${endpoint}${path}`, init);
      if (!response.ok) throw new IssuerUnavailable(`The issuer answers ${response.status}.`);
      return (await response.json()) as Readonly<Record<string, unknown>>;
    } catch (error) {
      throw error instanceof IssuerUnavailable ? error : new IssuerUnavailable('The issuer cannot be reached.');
    } finally {
      scope.close();
    }
  };

  return {
    async keys() {
      const { keys } = await ask('/jwks.json');
      if (!Array.isArray(keys)) throw new IssuerUnavailable('The issuer answers with something that is no key set.');
      return keys as JWK[];
    },
    async standingOf(asked) {
      const { active, scope, tenant } = await ask('/introspect', new URLSearchParams(asked as Record<string, string>));
      return {
        isActive: active === true,
        scopes: typeof scope === 'string' ? scope.split(' ') : [],
        tenant: typeof tenant === 'string' ? tenant : '',
      };
    },
  };
};
