import type { JWK } from 'jose';
import type { IdentityClient, IssuerConfig } from '../../mocks/identity/directory.ts';
import { INTROSPECT_SCOPE } from '../../mocks/identity/issuer.ts';
import type { LoadPlan } from '../scenario/scenario.ts';
import type { IdentityConfig } from '../serving/identity/config.ts';
import { AUDIENCE, CLIENTS, callerId, INTERNAL_AUDIENCE, ISSUER, LIFETIME_S, PART_LIFETIME_S } from './names.ts';

/** Who is who in a run. Contains secrets. */
export interface RunIdentity {
  readonly directory: IssuerConfig;
  /** A key of nobody's, that whoever forges tokens signs with. */
  readonly intruderKey: JWK;
}

/** What a world brings: keys and secrets that nobody knows, or in sim the same for the same seed. */
export interface IdentityMint {
  /** Private RSA keys: of the issuer, and last that of whoever forges. At least two. */
  readonly keys: readonly JWK[];
  secret(clientId: string): string;
}

/** Tenants of a load; the empty one where nobody in particular calls. */
export const tenantsOf = ({ tenants = [] }: Pick<LoadPlan, 'tenants'>): readonly string[] =>
  tenants.length > 0 ? tenants.map(({ name }) => name) : [''];

/** Each has what it needs, and no more. */
export const mintIdentity = (load: Pick<LoadPlan, 'tenants' | 'model'>, { keys, secret }: IdentityMint): RunIdentity => {
  const client = (id: string, scopes: readonly string[], tenant = '', audiences = [AUDIENCE]): IdentityClient => ({
    id,
    secret: secret(id),
    tenant,
    scopes,
    audiences,
  });
  const predict = `predict:${load.model}`;
  return {
    intruderKey: keys.at(-1)!,
    directory: {
      issuer: ISSUER,
      lifetimeS: LIFETIME_S,
      keys: keys.slice(0, -1),
      clients: [
        ...tenantsOf(load).map((tenant) => client(callerId(tenant), [predict], tenant)),
        { ...client(CLIENTS.stack, [INTROSPECT_SCOPE, 'work'], '', [INTERNAL_AUDIENCE]), lifetimeS: PART_LIFETIME_S },
        client(CLIENTS.idle, ['read']),
        client(CLIENTS.elsewhere, ['predict:another']),
      ],
    },
  };
};

/** What the stack is told. @param endpoint where it reaches the issuer */
export const identityConfigOf = ({ directory }: RunIdentity, endpoint: string): IdentityConfig => {
  const { id, secret } = directory.clients.find((client) => client.id === CLIENTS.stack)!;
  return { issuer: ISSUER, audience: AUDIENCE, internalAudience: INTERNAL_AUDIENCE, endpoint, client: { id, secret }, directory };
};

/** What must stand in no report. */
export const secretsOfIdentity = ({ directory }: RunIdentity): readonly string[] => directory.clients.map(({ secret }) => secret);
