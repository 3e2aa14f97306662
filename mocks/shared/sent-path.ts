import { urlPartsOf } from './url-parts.ts';

/** A segment `.` or `..`, which URL takes out, percent-encoded or not. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

/** Of requests whose URL has lost segments that were sent. */
const sentPaths = new WeakMap<Request, string>();

/**
 * For whoever takes requests off a wire: keeps what their URL cannot hold. Beside the request and not in it, so that no caller can write it.
 * @param target of the request line, as it was sent
 */
export const noteTarget = (request: Request, target: string): void => {
  const [path = ''] = /^\/[^?#]*/.exec(target) ?? [];
  if (DOT_SEGMENT.test(path)) sentPaths.set(request, path);
};

/** The path of a request with its segments `.` and `..`, which name objects where paths are no folders; that of its URL, where it came over no wire. */
export const sentPathOf = (request: Request): string => sentPaths.get(request) ?? urlPartsOf(request.url).path;
