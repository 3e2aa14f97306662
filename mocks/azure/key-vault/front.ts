import type { FetchHandler } from '../../emulator.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import { checkBearer } from '../bearer.ts';
import type { TokenAuthority } from '../tokens.ts';
import { badParameter, forbidden, throttled, unauthorized, VaultError } from './errors.ts';
import { VAULT_METHODS } from './methods.ts';
import type { Vault } from './vault.ts';

/** Name of the service in the table and in commands. */
export const KEY_VAULT = 'key-vault';

/** Audiences of tokens for vaults. */
const AUDIENCES = ['https://vault.azure.net', 'https://vault.azure.net/'];

const MAX_BODY_BYTES = 64 * 1024;

/** Stable versions that @azure/keyvault-keys has known, up to 4.10; read November 2026. */
const API_VERSIONS: readonly string[] = ['7.0', '7.1', '7.2', '7.3', '7.4', '7.5', '7.6', '2025-07-01'];

const NAME = /^[0-9a-zA-Z-]{1,127}$/;

/** What the front needs of the tenant that the vault stands in. */
export interface VaultParts {
  readonly vault: Vault;
  readonly app: { readonly tenantId: string; readonly clientId: string };
  readonly authority: TokenAuthority;
  permits(operation: string): boolean;
  /** Takes a call towards the vault's rate. */
  admits(): boolean;
}

/** Words that stand where a version could. */
const VERBS: readonly string[] = ['create', 'rotate', 'versions'];

/** The path with its names taken out. An empty version is the current one. */
const route = (method: string, pathname: string) => {
  const [, collection = '', name, ...rest] = pathname.split('/');
  const [second, verb] = rest;
  if (name === undefined || name === '') return { key: `${method} /${collection}`, name: '', version: '' };
  if (collection === 'deletedkeys') return { key: `${method} /deletedkeys/*${second ? `/${second}` : ''}`, name, version: '' };
  if (second === undefined && method === 'DELETE') return { key: `${method} /keys/*`, name, version: '' };
  if (verb === undefined && VERBS.includes(second ?? '')) return { key: `${method} /keys/*/${second}`, name, version: '' };
  return { key: `${method} /keys/*/+${verb ? `/${verb.toLowerCase()}` : ''}`, name, version: second ?? '' };
};

const readBody = async (request: Request): Promise<Readonly<Record<string, unknown>>> => {
  const bytes = await readBytes(request, MAX_BODY_BYTES);
  if (!bytes) throw new VaultError(413, 'RequestEntityTooLarge', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  if (bytes.length === 0) return {};
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // Answered below, as JSON of another shape is.
  }
  throw badParameter('Property  has invalid value.');
};

/** Keys of a vault: the challenge, the token, the rate, the permission, then the method. */
export const createVaultFront = ({ vault, app, authority, permits, admits }: VaultParts): FetchHandler => {
  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const check = await checkBearer(request.headers.get('authorization'), AUDIENCES, authority);
    if (check === 'missing') throw unauthorized(app.tenantId, 'AKV10000: Request is missing a Bearer or PoP token.');
    if (check === 'wrong-audience') throw unauthorized(app.tenantId, 'AKV10022: Invalid audience.');
    if (check !== 'good') throw unauthorized(app.tenantId, `AKV10000: The token is ${check}.`);
    if (!admits()) throw throttled();
    const { key, name, version } = route(request.method, url.pathname);
    const method = Object.hasOwn(VAULT_METHODS, key) ? VAULT_METHODS[key] : undefined;
    if (!method) throw new VaultError(404, 'NotFound', 'The requested resource does not exist.');
    const apiVersion = url.searchParams.get('api-version');
    if (apiVersion === null || !API_VERSIONS.includes(apiVersion)) {
      throw new VaultError(
        400,
        'BadParameter',
        `The api-version ${apiVersion ?? ''} is not supported: ${API_VERSIONS.join(', ')} are.`,
      );
    }
    if (name !== '' && !NAME.test(name)) throw badParameter(`The request URI contains an invalid name: ${name.slice(0, 127)}`);
    if (!permits(method.operation)) throw forbidden(app.clientId, `Microsoft.KeyVault/vaults/keys/${method.action}`);
    const body = request.method === 'GET' ? {} : await readBody(request);
    const result = await method.answer({ vault, origin: url.origin, name, version, query: url.searchParams, body });
    return result === undefined ? new Response(null, { status: 204 }) : Response.json(result);
  };

  return async (request) => {
    let response: Response;
    try {
      response = await answer(request);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      response = error.toResponse();
    }
    response.headers.set('x-ms-request-id', crypto.randomUUID());
    return response;
  };
};
