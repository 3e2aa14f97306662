import { lookupError, type NameFailure } from '../../../names/name-failure.ts';
import type { CertificateFlaw } from '../../../tls/certificates.ts';

/** What `fetch` rejects with when there is no answer, as undici's does: a TypeError whose cause has the system's code. */
const fetchFailed = (message: string, parts: Readonly<Record<string, unknown>>): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), parts) });

const hostAndPort = (origin: URL) => ({
  host: origin.hostname,
  port: Number(origin.port) || (origin.protocol === 'https:' ? 443 : 80),
});

/** How an exchange can fail below HTTP, by what makes the error. */
export const networkErrors = {
  refused(origin: URL): TypeError {
    const { host, port } = hostAndPort(origin);
    const parts = { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', address: host, port };
    return fetchFailed(`connect ECONNREFUSED ${host}:${port}`, parts);
  },
  reset: (): TypeError => fetchFailed('read ECONNRESET', { errno: -104, code: 'ECONNRESET', syscall: 'read' }),
  noName: ({ hostname }: URL, type: NameFailure['type']): TypeError =>
    new TypeError('fetch failed', { cause: lookupError(type, hostname) }),
  /** Codes and words of Node 24's TLS, November 2026. */
  badCertificate(origin: URL, flaw: CertificateFlaw): TypeError {
    return flaw === 'expired'
      ? fetchFailed('certificate has expired', { code: 'CERT_HAS_EXPIRED' })
      : fetchFailed(`Hostname/IP does not match certificate's altnames: Host: ${origin.hostname}.`, {
          code: 'ERR_TLS_CERT_ALTNAME_INVALID',
          host: origin.hostname,
        });
  },
  connectTimeout(origin: URL, ms: number): TypeError {
    const { host, port } = hostAndPort(origin);
    return fetchFailed(`Connect Timeout Error (attempted address: ${host}:${port}, timeout: ${ms}ms)`, {
      name: 'ConnectTimeoutError',
      code: 'UND_ERR_CONNECT_TIMEOUT',
    });
  },
} as const;
