import type { FetchHandler } from '../../emulator.ts';
import type { GoogleAccount } from '../account.ts';
import { metadataTree, type Node, scopesOf } from './tree.ts';

const ROOT = '/computeMetadata/v1';
const FLAVOR = { 'metadata-flavor': 'Google', server: 'Metadata Server for VM' };

/** Seconds that a token is good for, as the server says. */
const TOKEN_LIFETIME_S = 3599;

const text = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(body, { status, headers: { ...FLAVOR, 'content-type': 'application/text', ...headers } });

/** Ids are numbers, of more digits than a number of JavaScript's holds. */
const json = (body: unknown, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(body).replace(/"(id|numericProjectId)":"(\d+)"/g, '"$1":$2'), {
    headers: { ...FLAVOR, 'content-type': 'application/json', ...headers },
  });

const notFound = (): Response =>
  new Response(
    '<!DOCTYPE html>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> The requested URL was not found on this server.\n',
    {
      status: 404,
      headers: { ...FLAVOR, 'content-type': 'text/html; charset=UTF-8' },
    },
  );

/** The front end's page. Source of the words and of the first reason: answers that users of Kubernetes clusters and public code record. */
const refusal = (path: string, why: string): Response =>
  text(
    '<!DOCTYPE html>\n<html lang=en>\n<title>Error 403 (Forbidden)!!1</title>\n<p><b>403.</b> That’s an error.\n' +
      `<p>Your client does not have permission to get URL <code>${path.replace(/[&<>]/g, '')}</code> from this server. ${why}\n`,
    403,
    { 'content-type': 'text/html; charset=UTF-8' },
  );

const find = (tree: Node, parts: readonly string[]): Node | undefined =>
  parts.reduce<Node | undefined>(
    (node, part) => (typeof node === 'object' && Object.hasOwn(node, part) ? node[part] : undefined),
    tree,
  );

/** Names in JSON are in camel case, and lists are lists. */
const toJson = (node: Node, name = ''): unknown => {
  if (typeof node === 'string') {
    if (name === 'scopes') return node.trim().split('\n');
    if (name === 'aliases') return [node];
    return node;
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      /[@.]/.test(key) ? key : key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      toJson(value, key),
    ]),
  );
};

const listing = (node: { readonly [name: string]: Node }): string =>
  Object.entries(node)
    .map(([name, value]) => `${name}${typeof value === 'object' ? '/' : ''}\n`)
    .join('');

/** The same for the same content: what `last_etag` compares. */
const etagOf = (content: string): string => {
  let hash = 0x811c9dc5;
  for (const character of content) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(16, '0');
};

const MAX_WAIT_MS = 600_000;

/** Waits until a part is another, the time is over, or the caller is gone. */
const waitForChange = (account: GoogleAccount, isSame: () => boolean, waitMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      stop();
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stop = account.compute.onChange(() => {
      if (!isSame()) end();
    });
    const timer = setTimeout(end, waitMs);
    signal.addEventListener('abort', end);
  });

const ACCOUNT = /^instance\/service-accounts\/([^/]+)\/(token|identity)$/;

/** Tokens of the machine's service account. Null for a path that asks for none. */
const answerToken = async (account: GoogleAccount, region: string, path: string, query: URLSearchParams) => {
  const [, name = '', kind] = ACCOUNT.exec(path) ?? [];
  if (kind === undefined) return null;
  const { active } = account.tokens.credentials;
  const email = account.tokens.credentials.published.clientEmail;
  // An account whose key was taken has no tokens to give.
  if (!active || (name !== 'default' && name !== email)) return notFound();
  if (kind === 'identity') {
    const audience = query.get('audience') ?? '';
    if (audience === '') return text('non-empty audience parameter required', 400);
    return text(await account.tokens.idTokens.issue(email, audience));
  }
  const requested = query.get('scopes')?.split(',').filter(Boolean) ?? [];
  const token = account.tokens.accessTokens.issue({
    scopes: requested.length > 0 ? requested : scopesOf(account, region),
    clientEmail: email,
    keyId: active.privateKeyId,
    expiresAtMs: Date.now() + TOKEN_LIFETIME_S * 1000,
  });
  return json({ access_token: token, expires_in: TOKEN_LIFETIME_S, token_type: 'Bearer' });
};

/**
 * The metadata server, `http://metadata.google.internal`, of a machine in a region.
 * Source: gcp-metadata, and answers that public code records; the reference is cloud.google.com/compute/docs/metadata/querying-metadata.
 */
export const createMetadataEndpoint =
  (account: GoogleAccount, region: string): FetchHandler =>
  async (request) => {
    const { pathname, searchParams: query } = new URL(request.url);
    // Without the header too: how libraries tell that there is such a server.
    if (pathname === '/') return text('computeMetadata/\n');
    if (!pathname.startsWith(ROOT) || request.method !== 'GET') return notFound();
    if (request.headers.get('metadata-flavor') !== 'Google') {
      return refusal(pathname, 'Missing Metadata-Flavor:Google header.');
    }
    if (request.headers.has('x-forwarded-for')) return refusal(pathname, 'Requests with X-Forwarded-For are not allowed.');

    const path = pathname.slice(ROOT.length).replace(/^\/|\/$/g, '');
    const issued = await answerToken(account, region, path, query);
    if (issued) return issued;

    const parts = path === '' ? [] : path.split('/');
    const look = () => find(metadataTree(account, region), parts);
    const contentOf = (node: Node | undefined) => JSON.stringify(node ?? null);
    if (query.get('wait_for_change') === 'true') {
      const seen = query.get('last_etag') ?? etagOf(contentOf(look()));
      const isSame = () => etagOf(contentOf(look())) === seen;
      const timeoutS = Number(query.get('timeout_sec') ?? Number.NaN);
      const waitMs = Number.isFinite(timeoutS) && timeoutS > 0 ? timeoutS * 1000 : MAX_WAIT_MS;
      if (isSame()) await waitForChange(account, isSame, waitMs, request.signal);
    }
    const node = look();
    if (node === undefined) return notFound();
    const etag = { etag: etagOf(contentOf(node)) };
    const asJson = query.get('alt') === 'json' || (query.get('recursive') === 'true' && query.get('alt') !== 'text');
    if (asJson) return json(toJson(node, parts.at(-1)), etag);
    return text(typeof node === 'string' ? node : listing(node), 200, etag);
  };
