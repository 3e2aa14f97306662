import { readBytes } from '../../shared/read-bytes.ts';
import { invalidArgument, invalidEntity, notFound, WatsonxError } from './errors.ts';
import type { Space } from './space.ts';

/** Largest body that is read, bytes. squall's own: no figure of IBM's was found. */
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

const VERSION = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every call names the version of the API that it was written for, as a date. @throws {WatsonxError} */
export const checkVersion = (query: URLSearchParams): void => {
  const version = query.get('version');
  if (version === null || version === '') throw invalidArgument("Missing required query parameter 'version'.");
  if (!VERSION.test(version)) throw invalidArgument("The query parameter 'version' is a date in the format YYYY-MM-DD.");
};

/**
 * Refuses a call for another space than the one there is: the caller names a space or a project, not both.
 * @param ids as the query or the body has them
 * @throws {WatsonxError}
 */
export const checkSpace = (space: Space, ids: { readonly space_id?: unknown; readonly project_id?: unknown }): void => {
  const { space_id: spaceId, project_id: projectId } = ids;
  if ((spaceId === undefined) === (projectId === undefined)) {
    throw invalidArgument("Exactly one of 'space_id' and 'project_id' has to be given.");
  }
  const id = spaceId ?? projectId;
  if (typeof id !== 'string') throw invalidArgument("'space_id' and 'project_id' are strings.");
  if (spaceId !== space.id) throw notFound('space', id);
};

/** The same, of a query. */
export const checkSpaceQuery = (space: Space, query: URLSearchParams): void =>
  checkSpace(space, { space_id: query.get('space_id') ?? undefined, project_id: query.get('project_id') ?? undefined });

/** @throws {WatsonxError} for a body that is too large, is no JSON, or says that it is something else */
export const readJson = async (request: Request, type: RegExp = /^application\/json\b/i): Promise<unknown> => {
  if (!type.test(request.headers.get('content-type') ?? '')) {
    throw new WatsonxError(415, 'unsupported_media_type', 'The content type of the request is not supported.');
  }
  const body = await readBytes(request, BODY_LIMIT_BYTES);
  if (!body) throw new WatsonxError(413, 'request_entity_too_large', `The request is larger than ${BODY_LIMIT_BYTES} bytes.`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw invalidEntity('Invalid request: the body is not valid JSON.');
  }
};

/** @throws {WatsonxError} `json_type_error` */
export const wrongType = (field: string, expected: string): WatsonxError =>
  new WatsonxError(400, 'json_type_error', `Json field type error: '${field}' is not ${expected}.`);
