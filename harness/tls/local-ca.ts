// @peculiar/x509 asks for it before its own import.
import 'reflect-metadata';

import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its key, PEM. */
export interface ServerIdentity {
  readonly certPem: string;
  /** PKCS #8. Secret. */
  readonly keyPem: string;
}

/** A certificate authority for the length of a run: trusted by whom the run hands it to, and by nobody else. */
export interface LocalCa {
  /** For `NODE_EXTRA_CA_CERTS`, `REQUESTS_CA_BUNDLE` or an SDK's own CA option. */
  readonly caCertPem: string;
  /**
   * A server certificate, unless it is for something else.
   * @param hosts DNS names and IP addresses that it is for; the first is its common name
   * @throws {TypeError} for no hosts
   */
  issue(hosts: readonly string[], options?: IssueOptions): Promise<ServerIdentity>;
}

export interface IssueOptions {
  /** Good until an hour ago. */
  readonly isExpired?: boolean;
  /** `client`: to show to servers and not to clients; `both`: to either. */
  readonly usage?: 'server' | 'client' | 'both';
  /** How long it is good for, milliseconds; as long as the authority when left out. */
  readonly lifetimeMs?: number;
}

/** Elliptic-curve keys take a millisecond to make where RSA takes a hundred. */
const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** A container's clock may be a little behind. */
const BACKDATED_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const makeKeys = () => crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);

const USAGES = {
  server: [ExtendedKeyUsage.serverAuth],
  client: [ExtendedKeyUsage.clientAuth],
  both: [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth],
} as const;

const validity = (lifetimeMs: number) => ({
  notBefore: new Date(Date.now() - BACKDATED_MS),
  notAfter: new Date(Date.now() + lifetimeMs),
});

const past = () => ({ notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() - HOUR_MS) });

/** `[::1]` and `::1` are the same address; every other host is itself. */
const toAlternativeName = (host: string) => {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return { type: isIP(bare) ? ('ip' as const) : ('dns' as const), value: bare };
};

/**
 * Makes a certificate authority whose key never leaves this process's memory.
 * @param lifetimeMs of it and what it issues; a day when left out
 */
export const createLocalCa = async (lifetimeMs = DAY_MS): Promise<LocalCa> => {
  const caKeys = await makeKeys();
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=squall local CA',
    ...validity(lifetimeMs),
    keys: caKeys,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });

  return {
    caCertPem: ca.toString('pem'),
    async issue(hosts, { isExpired = false, usage = 'server', lifetimeMs: ownMs = lifetimeMs } = {}) {
      const names = hosts.map(toAlternativeName);
      const [first] = names;
      if (!first) throw new TypeError('a server certificate needs at least one host');
      const keys = await makeKeys();
      const certificate = await X509CertificateGenerator.create({
        subject: [{ CN: [first.value] }],
        issuer: ca.subject,
        ...(isExpired ? past() : validity(ownMs)),
        publicKey: keys.publicKey,
        signingKey: caKeys.privateKey,
        signingAlgorithm: SIGNING_ALGORITHM,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([...USAGES[usage]]),
          new SubjectAlternativeNameExtension(names),
          await SubjectKeyIdentifierExtension.create(keys.publicKey),
          await AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
        ],
      });
      const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
      return { certPem: certificate.toString('pem'), keyPem: PemConverter.encode(key, PemConverter.PrivateKeyTag) };
    },
  };
};
