/** Names under which the machine's own programs reach it. The third is LocalStack's name for 127.0.0.1, which its documentation uses. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|localhost\.localstack\.cloud|\[::1\])(?::\d{1,5})?$/i;

/** Whether a host, with or without a port, is this machine's loopback by name: `localhost`, `127.0.0.1:8474`, `[::1]`. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host);

/** Why a request was sent by a web page, as far as it tells; null when nothing in it says so. */
export const signOfPage = ({ headers }: Request): string | null => {
  if (headers.has('origin')) return 'it has an Origin header, as a web page sends it';
  return /^mozilla\//i.test(headers.get('user-agent') ?? '') ? 'its User-Agent is that of a browser' : null;
};

/**
 * Why a request may be a web page's, and so not be answered; null when it is a program's of this machine. There is no token: a page that
 * its user has open anywhere could drive the rules otherwise, directly or under a host name of its own that leads to 127.0.0.1.
 */
export const reasonToRefuse = (request: Request): string | null => {
  const sign = signOfPage(request);
  if (sign !== null) return sign;
  const host = request.headers.get('host') ?? new URL(request.url).host;
  return isLoopbackHost(host) ? null : 'its Host is not a name of this machine, such as 127.0.0.1 or localhost';
};
