import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls';
import type { LocalCa, ServerIdentity } from './local-ca.ts';

/** What can be wrong with a server's certificate. */
export type CertificateFlaw = 'expired' | 'wrong-host';

/** The certificates that a loopback server can show: the good one, and one with each flaw. All are of one CA. */
export interface Certificates {
  context(flaw?: CertificateFlaw): SecureContext;
  /** For a server that asks callers for a certificate of the same CA; left out: it asks for none. */
  readonly mutual?: (flaw?: CertificateFlaw) => Pick<TlsOptions, 'cert' | 'key' | 'ca'>;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
/** RFC 6761 keeps it from ever being a real host's name. */
const OTHER_HOST = 'another-host.invalid';

/**
 * Issues them all at once, so that a flaw takes effect without a wait.
 * @param further names and addresses of this machine beside its loopback
 */
export const issueCertificates = async (
  ca: LocalCa,
  further: readonly string[] = [],
  { isMutual = false }: { readonly isMutual?: boolean } = {},
): Promise<Certificates> => {
  const hosts = [...new Set([...LOOPBACK, ...further])];
  const [good, expired, wrongHost] = await Promise.all([
    ca.issue(hosts),
    ca.issue(hosts, { isExpired: true }),
    ca.issue([OTHER_HOST]),
  ]);
  const options = ({ certPem, keyPem }: ServerIdentity) => ({ cert: certPem, key: keyPem, ca: ca.caCertPem });
  const shown = { good: options(good), expired: options(expired), 'wrong-host': options(wrongHost) } as const;
  const contexts = {
    good: createSecureContext(shown.good),
    expired: createSecureContext(shown.expired),
    'wrong-host': createSecureContext(shown['wrong-host']),
  } as const;
  return {
    context: (flaw) => contexts[flaw ?? 'good'],
    ...(isMutual ? { mutual: (flaw) => shown[flaw ?? 'good'] } : {}),
  };
};
