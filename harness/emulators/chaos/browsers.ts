/** Names under which the machine's own programs reach it. The third is LocalStack's name for 127.0.0.1, which its documentation uses. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|localhost\.localstack\.cloud|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why a request may be a web page's, and so not be answered; null when it is a program's of this machine. There is no token: a page that
 * its user has open anywhere could drive the rules otherwise, directly or under a host name of its own that leads to 127.0.0.1.
 */
export const reasonToRefuse = ({ headers, url }: Request): string | null => {
  if (headers.has('origin')) return 'it has an Origin header, as a web page sends it';
  if (/^mozilla\//i.test(headers.get('user-agent') ?? '')) return 'its User-Agent is that of a browser';
  const host = headers.get('host') ?? new URL(url).host;
  return LOOPBACK.test(host) ? null : 'its Host is not a name of this machine, such as 127.0.0.1 or localhost';
};
