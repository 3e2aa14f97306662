import { readBytes } from '../../../mocks/shared/read-bytes.ts';
import { readText } from '../read-text.ts';
import { modelOf } from './catalogue.ts';
import { contentDigest } from './digest.ts';
import type { RegistryLife } from './life.ts';
import type { AppendRequest, VoteRequest } from './peers.ts';
import { Refused, refuse } from './problem.ts';

/** How far the answering replica may be behind the leader, milliseconds; absent where it cannot tell. */
export const STALENESS_HEADER = 'x-squall-registry-staleness-ms';
/** Region of the replica that answers. */
export const REGION_HEADER = 'x-squall-registry-region';
/** `leader` where the replica leads within its lease. */
export const ROLE_HEADER = 'x-squall-registry-role';

/** Largest artifact. */
const ARTIFACT_LIMIT_BYTES = 64 * 1024 * 1024;
const MESSAGE_LIMIT_BYTES = 4 * 1024 * 1024;

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

interface Route {
  readonly method: string;
  /** Of the path; groups are its parameters. */
  readonly path: RegExp;
  /** Only for who has the token. */
  readonly isGuarded: boolean;
  answer(life: RegistryLife, parameters: readonly string[], request: Request): Promise<Response>;
}

const badRequest = (detail: string): Refused => new Refused({ kind: 'bad-request', detail });

const nameOf = (text: string): string => {
  if (!NAME.test(text)) throw badRequest(`${JSON.stringify(text)} is no name: letters, digits, dots, - and _, at most 64.`);
  return text;
};

/** Milliseconds that the replica may be behind; null before it has ever heard all. */
const stalenessOf = ({ leadership, follow }: RegistryLife): number | null => {
  if (leadership.mayWrite()) return 0;
  return follow.caughtUpAtMs === null ? null : Math.round(performance.now() - follow.caughtUpAtMs);
};

const asOf = (life: RegistryLife): Record<string, string> => {
  const stalenessMs = stalenessOf(life);
  const role = life.leadership.mayWrite() ? 'leader' : 'replica';
  return {
    [REGION_HEADER]: life.region,
    [ROLE_HEADER]: role,
    ...(stalenessMs === null ? {} : { [STALENESS_HEADER]: String(stalenessMs) }),
  };
};

/** The version that a publish follows: `If-Match: "3"`, or `If-None-Match: *` for the first. */
const expectedOf = ({ headers }: Request): number => {
  if (headers.get('if-none-match') === '*') return 0;
  const version = /^"(\d{1,9})"$/.exec(headers.get('if-match') ?? '')?.[1];
  if (version === undefined)
    throw badRequest('Say what the version follows: If-Match: "<newest version>", or If-None-Match: * for the first.');
  return Number(version);
};

const DIGEST = /^[0-9a-f]{64}$/;

const messageOf = async <Message>(request: Request): Promise<Message> => {
  const text = await readText(request, MESSAGE_LIMIT_BYTES);
  if (text === null) throw new Refused({ kind: 'too-large', detail: `The message is over ${MESSAGE_LIMIT_BYTES} bytes.` });
  try {
    return JSON.parse(text) as Message;
  } catch {
    throw badRequest('The message is no JSON.');
  }
};

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/v1\/models$/,
    isGuarded: false,
    answer: async (life) =>
      Response.json(
        { models: [...life.replica.catalogue].map(([name, { versions, aliases }]) => ({ name, versions, aliases })) },
        { headers: asOf(life) },
      ),
  },
  {
    method: 'GET',
    path: /^\/v1\/models\/([^/]+)\/versions$/,
    isGuarded: false,
    async answer(life, [model = '']) {
      const { versions, aliases } = modelOf(life.replica.catalogue, nameOf(model));
      return Response.json({ model, versions, aliases }, { headers: asOf(life) });
    },
  },
  {
    method: 'POST',
    path: /^\/v1\/models\/([^/]+)\/versions$/,
    isGuarded: true,
    async answer(life, [model = ''], request) {
      const { headers, url } = request;
      const expected = expectedOf(request);
      const bytes = await readBytes(request, ARTIFACT_LIMIT_BYTES);
      if (bytes === null) throw new Refused({ kind: 'too-large', detail: `The artifact is over ${ARTIFACT_LIMIT_BYTES} bytes.` });
      const digest = headers.get('x-squall-artifact-sha256');
      const alias = new URL(url).searchParams.get('alias');
      const published = await life.publish.publish({
        model: nameOf(model),
        bytes,
        digest,
        expected,
        alias: alias === null ? null : nameOf(alias),
      });
      return Response.json(published, { status: 201, headers: { etag: `"${published.version}"`, ...asOf(life) } });
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/models\/([^/]+)\/aliases\/([^/]+)$/,
    isGuarded: false,
    async answer(life, [model = '', alias = '']) {
      const { versions, aliases } = modelOf(life.replica.catalogue, nameOf(model));
      const version = versions.find((one) => one.version === aliases[nameOf(alias)]);
      if (!version) throw new Refused({ kind: 'not-found', detail: `${model} has no version ${alias}.` });
      return Response.json(version, { headers: { etag: `"${version.version}"`, ...asOf(life) } });
    },
  },
  {
    method: 'PUT',
    path: /^\/v1\/models\/([^/]+)\/aliases\/([^/]+)$/,
    isGuarded: true,
    async answer(life, [model = '', alias = ''], request) {
      const { version } = await messageOf<{ readonly version?: unknown }>(request);
      if (typeof version !== 'number' || !Number.isSafeInteger(version)) throw badRequest('Say which version: {"version": 3}.');
      await life.publish.setAlias(nameOf(model), nameOf(alias), version);
      return Response.json({ model, alias, version }, { headers: asOf(life) });
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/artifacts\/([^/]+)$/,
    isGuarded: false,
    async answer(life, [digest = '']) {
      const bytes = DIGEST.test(digest) ? await life.artifacts.read(digest) : null;
      if (!bytes) throw new Refused({ kind: 'not-found', detail: 'There is no such artifact here.' });
      const headers = {
        'content-type': 'application/octet-stream',
        'content-length': String(bytes.byteLength),
        // What it should be, not what it is: whoever reads it has to see for himself.
        'content-digest': contentDigest(digest),
        [REGION_HEADER]: life.region,
      };
      return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/status$/,
    isGuarded: false,
    async answer(life) {
      const { replica, leadership } = life;
      const { epoch, entries, commitIndex } = replica.state;
      const role = leadership.isLeader ? 'leader' : 'replica';
      const status = { region: life.region, role, leader: leadership.leader, epoch, lastIndex: entries.length, commitIndex };
      return Response.json(
        { ...status, mayWrite: leadership.mayWrite(), stalenessMs: stalenessOf(life) },
        { headers: asOf(life) },
      );
    },
  },
  {
    method: 'POST',
    path: /^\/v1\/peers\/vote$/,
    isGuarded: true,
    answer: async (life, _, request) => Response.json(await life.leadership.vote(await messageOf<VoteRequest>(request))),
  },
  {
    method: 'POST',
    path: /^\/v1\/peers\/append$/,
    isGuarded: true,
    answer: async (life, _, request) => Response.json(await life.follow.append(await messageOf<AppendRequest>(request))),
  },
];

/**
 * The registry's HTTP interface. Preconditions are those of RFC 9110, refusals problem details.
 * @param token bearer that writes, and messages of other nodes, must bring
 */
export const createRegistryApi = (token: string) => {
  const bearer = `Bearer ${token}`;
  return async (request: Request, life: RegistryLife): Promise<Response> => {
    const { pathname } = new URL(request.url);
    for (const { method, path, isGuarded, answer } of routes) {
      const match = request.method === method ? path.exec(pathname) : null;
      if (!match) continue;
      if (isGuarded && request.headers.get('authorization') !== bearer) {
        return refuse({ kind: 'unauthorized', detail: 'A bearer token is needed to write.' });
      }
      try {
        return await answer(life, match.slice(1).map(decodeURIComponent), request);
      } catch (error) {
        if (error instanceof Refused) return refuse(error.refusal);
        return refuse({ kind: 'unavailable', detail: error instanceof Error ? error.message : 'The replica failed.' });
      }
    }
    return refuse({ kind: 'not-found', detail: `There is no ${request.method} ${pathname}.` });
  };
};
