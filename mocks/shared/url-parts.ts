/** Path and query of a request's URL, as they stand there. */
export interface UrlParts {
  /** Begins with `/`. */
  readonly path: string;
  /** With its `?`; empty where there is none. */
  readonly search: string;
}

/**
 * Takes a URL apart that the platform has written, as `Request.url` is: without making a URL of it again, which emulators would do for each request.
 * A Request's URL has no fragment that a server sees.
 */
export const urlPartsOf = (href: string): UrlParts => {
  const pathAt = href.indexOf('/', href.indexOf('//') + 2);
  const fragmentAt = href.indexOf('#', pathAt);
  const end = fragmentAt === -1 ? href.length : fragmentAt;
  const searchAt = href.indexOf('?', pathAt);
  if (searchAt === -1 || searchAt > end) return { path: href.slice(pathAt, end), search: '' };
  return { path: href.slice(pathAt, searchAt), search: searchAt + 1 === end ? '' : href.slice(searchAt, end) };
};
