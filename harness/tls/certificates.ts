import { createSecureContext, type SecureContext } from 'node:tls';
import type { LocalCa } from './local-ca.ts';

/** What can be wrong with a server's certificate. */
export type CertificateFlaw = 'expired' | 'wrong-host';

/** The certificates that a loopback server can show: the good one, and one with each flaw. All are of one CA. */
export interface Certificates {
  context(flaw?: CertificateFlaw): SecureContext;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];
/** RFC 6761 keeps it from ever being a real host's name. */
const OTHER_HOST = 'another-host.invalid';

/**
 * Issues them all at once, so that a flaw takes effect without a wait.
 * @param further names and addresses of this machine beside its loopback
 */
export const issueCertificates = async (ca: LocalCa, further: readonly string[] = []): Promise<Certificates> => {
  const hosts = [...new Set([...LOOPBACK, ...further])];
  const [good, expired, wrongHost] = await Promise.all([
    ca.issue(hosts),
    ca.issue(hosts, { isExpired: true }),
    ca.issue([OTHER_HOST]),
  ]);
  const contexts = [good, expired, wrongHost].map(({ certPem, keyPem }) => createSecureContext({ cert: certPem, key: keyPem }));
  const byFlaw: Readonly<Record<CertificateFlaw, SecureContext>> = { expired: contexts[1]!, 'wrong-host': contexts[2]! };
  return { context: (flaw) => (flaw ? byFlaw[flaw] : contexts[0]!) };
};
