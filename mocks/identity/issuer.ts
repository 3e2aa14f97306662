import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import type { FetchHandler } from '../emulator.ts';
import { authenticateClient, type ClientRequest } from './client-authentication.ts';
import type { IdentityClient, IssuerConfig } from './directory.ts';
import { NO_STORE, oauthError } from './oauth-error.ts';
import { ALGORITHM, createSigningKeys } from './signing-keys.ts';

/** What can be done to an issuer from outside. */
export type IssuerCommand =
  /** The next key signs from now on; tokens of the former stay good until they expire, unless `retire`. */
  | { readonly type: 'rotate'; readonly retire?: boolean }
  /** A client gets no tokens any more, and those that it has are good no longer. */
  | { readonly type: 'disable-client' | 'enable-client'; readonly client: string }
  /** A client has a privilege, or where none is named all of them, no longer, or again. */
  | { readonly type: 'revoke-scopes' | 'restore-scopes'; readonly client: string; readonly scope?: string }
  /** All tokens that a client has got until now are good no longer: one of them was stolen. */
  | { readonly type: 'revoke-tokens'; readonly client: string; readonly afterMs?: number }
  | { readonly type: 'set-clock-offset'; readonly offsetMs: number };

/** An OpenID Connect issuer for machines: discovery, JWKS, tokens by client credentials, introspection and revocation. */
export interface Issuer {
  readonly fetch: FetchHandler;
  control(command: IssuerCommand): Promise<void>;
}

/** A former key is published a little longer than its last token lives: verifiers' clocks are not quite this one's. */
const OVERLAP_MS = 60_000;
/** `typ` of an access token that is a JWT (RFC 9068, section 2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';
/** How long a key set may be kept by whoever fetches it, seconds. */
const KEYS_MAX_AGE_S = 10;
/** The privilege to ask what has become of tokens. */
export const INTROSPECT_SCOPE = 'introspect';

const scopesIn = (text: unknown): readonly string[] =>
  typeof text === 'string' ? text.split(' ').filter((scope) => scope !== '') : [];

/** A token's number, by its `jti`; one that this issuer has not numbered is older than all. */
const numberOf = (jti = ''): number => Number(/-(\d+)$/.exec(jti)?.[1] ?? 0);

/** An issuer without its socket. */
export const createIssuer = async ({
  issuer,
  lifetimeS: defaultLifetimeS,
  clients,
  keys: given,
}: IssuerConfig): Promise<Issuer> => {
  const keys = await createSigningKeys(given);
  const byId = new Map(clients.map((client) => [client.id, client]));
  const disabled = new Set<string>();
  const revokedScopes = new Map<string, Set<string>>();
  const revokedTokens = new Set<string>();
  /** By client, the number of the last of its tokens that is good no longer. */
  const revokedUpTo = new Map<string, number>();
  let offsetMs = 0;
  let issued = 0;
  const longestS = Math.max(defaultLifetimeS, ...clients.map(({ lifetimeS = 0 }) => lifetimeS));
  const nowMs = (): number => Date.now() + offsetMs;
  const startedMs = Date.now();

  const scopesOf = ({ id, scopes }: IdentityClient): readonly string[] =>
    scopes.filter((scope) => !revokedScopes.get(id)?.has(scope));
  const activeClient = (id: string): IdentityClient | undefined => (disabled.has(id) ? undefined : byId.get(id));

  const issue = async ({ client, form }: ClientRequest): Promise<Response> => {
    const grant = form.get('grant_type');
    if (grant === null) return oauthError('invalid_request', 'grant_type is missing.');
    if (grant !== 'client_credentials') return oauthError('unsupported_grant_type', 'Only client_credentials is supported.');
    const asked = scopesIn(form.get('scope'));
    const allowed = scopesOf(client);
    if (asked.some((scope) => !allowed.includes(scope)))
      return oauthError('invalid_scope', 'The client does not have that scope.');
    const audience = form.get('resource') ?? client.audiences[0]!;
    if (!client.audiences.includes(audience))
      return oauthError('invalid_target', 'The client has no business with that resource.');
    const scope = (asked.length > 0 ? asked : allowed).join(' ');
    const nowS = Math.floor(nowMs() / 1000);
    const { lifetimeS = defaultLifetimeS } = client;
    issued += 1;
    const token = await new SignJWT({ client_id: client.id, scope, ...(client.tenant === '' ? {} : { tenant: client.tenant }) })
      .setProtectedHeader({ typ: ACCESS_TOKEN_TYPE, alg: ALGORITHM, kid: keys.current.kid })
      .setIssuer(issuer)
      .setSubject(client.id)
      .setAudience(audience)
      .setIssuedAt(nowS)
      .setNotBefore(nowS)
      .setExpirationTime(nowS + lifetimeS)
      // Unique is all that it has to be: no draw is taken for it.
      .setJti(`${startedMs.toString(36)}-${issued}`)
      .sign(keys.current.privateKey);
    return Response.json({ access_token: token, token_type: 'Bearer', expires_in: lifetimeS, scope }, { headers: NO_STORE });
  };

  const INACTIVE = { active: false };

  /** What is known of a subject by its name, for work that goes on when the token that ordered it is gone. An extension of RFC 7662. */
  const standingOf = (id: string) => {
    const client = activeClient(id);
    return client ? { active: true, sub: id, scope: scopesOf(client).join(' '), tenant: client.tenant } : INACTIVE;
  };

  /** @see RFC 7662, section 2.2 */
  const stateOf = async (token: string): Promise<object> => {
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid }) => {
          const key = keys.all(nowMs()).find((one) => one.kid === kid);
          if (!key) throw new TypeError('no such key');
          return key.publicKey;
        },
        { algorithms: [ALGORITHM], issuer, typ: ACCESS_TOKEN_TYPE, currentDate: new Date(nowMs()) },
      );
      const client = activeClient(payload.sub ?? '');
      if (!client || revokedTokens.has(payload.jti ?? '') || numberOf(payload.jti) <= (revokedUpTo.get(client.id) ?? 0))
        return INACTIVE;
      const allowed = scopesOf(client);
      const scope = scopesIn(payload.scope).filter((one) => allowed.includes(one));
      return { ...payload, active: true, token_type: 'Bearer', scope: scope.join(' ') };
    } catch {
      return INACTIVE;
    }
  };

  const introspect = async ({ client, form }: ClientRequest): Promise<Response> => {
    if (!scopesOf(client).includes(INTROSPECT_SCOPE)) {
      return Response.json({ error: 'access_denied' }, { status: 403, headers: NO_STORE });
    }
    const [token, subject] = [form.get('token'), form.get('subject')];
    if (token === null && subject === null) return oauthError('invalid_request', 'token is missing.');
    return Response.json(token === null ? standingOf(subject!) : await stateOf(token), { headers: NO_STORE });
  };

  /** A client gives a token of its own back; of what is none nothing is told (RFC 7009, section 2.2). */
  const revoke = async ({ client, form }: ClientRequest): Promise<Response> => {
    const token = form.get('token');
    if (token === null) return oauthError('invalid_request', 'token is missing.');
    const state = (await stateOf(token)) as { readonly active: boolean; readonly sub?: string };
    if (state.active && state.sub === client.id) revokedTokens.add(decodeJwt(token).jti!);
    return new Response(null, { headers: NO_STORE });
  };

  const byClient =
    (answer: (request: ClientRequest) => Promise<Response>): FetchHandler =>
    async (request) => {
      const authenticated = await authenticateClient(request, activeClient);
      return authenticated instanceof Response ? authenticated : answer(authenticated);
    };

  const describe: FetchHandler = async (request) => {
    const { origin } = new URL(request.url);
    return Response.json({
      issuer,
      token_endpoint: `${origin}/token`,
      jwks_uri: `${origin}/jwks.json`,
      introspection_endpoint: `${origin}/introspect`,
      revocation_endpoint: `${origin}/revoke`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [ALGORITHM],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    });
  };

  const routes: Readonly<Record<string, FetchHandler>> = {
    'GET /.well-known/openid-configuration': describe,
    'GET /.well-known/oauth-authorization-server': describe,
    'GET /jwks.json': async () =>
      Response.json(
        { keys: keys.all(nowMs()).map(({ publicJwk }) => publicJwk) },
        { headers: { 'cache-control': `public, max-age=${KEYS_MAX_AGE_S}` } },
      ),
    'POST /token': byClient(issue),
    'POST /introspect': byClient(introspect),
    'POST /revoke': byClient(revoke),
  };

  const change = (command: Exclude<IssuerCommand, { type: 'rotate' }>): void => {
    switch (command.type) {
      case 'disable-client':
        disabled.add(command.client);
        return;
      case 'enable-client':
        disabled.delete(command.client);
        return;
      case 'revoke-scopes': {
        const { client, scope } = command;
        const taken = scope === undefined ? (byId.get(client)?.scopes ?? []) : [scope];
        revokedScopes.set(client, new Set([...(revokedScopes.get(client) ?? []), ...taken]));
        return;
      }
      case 'restore-scopes':
        if (command.scope === undefined) revokedScopes.delete(command.client);
        else revokedScopes.get(command.client)?.delete(command.scope);
        return;
      case 'revoke-tokens': {
        const { client, afterMs = 0 } = command;
        const revokeNow = () => void revokedUpTo.set(client, issued);
        if (afterMs === 0) revokeNow();
        else setTimeout(revokeNow, afterMs);
        return;
      }
      case 'set-clock-offset':
        offsetMs = command.offsetMs;
    }
  };

  return {
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const route = routes[`${request.method} ${pathname}`];
      return route ? route(request) : Response.json({ error: 'not_found' }, { status: 404 });
    },
    async control(command) {
      if (command.type !== 'rotate') return change(command);
      await keys.rotate(nowMs() + longestS * 1000 + OVERLAP_MS);
      if (command.retire) keys.retire();
    },
  };
};
