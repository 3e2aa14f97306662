import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { providers } from '../../../mocks/providers.ts';
import { trustVariables, writeTrust } from '../../emulators/environment.ts';
import type { GatewayConfig } from '../../serving/config.ts';
import { sutEnvironment } from '../../sut/environment.ts';
import { type Certificates, issueCertificates } from '../../tls/certificates.ts';
import { createLocalCa } from '../../tls/local-ca.ts';
import type { AnyLink } from '../../topology/link.ts';
import { isNode } from '../../topology/link.ts';
import type { LiveRun } from './run.ts';

/** What a system under test that is not ours needs to come to the links: certificates, files and variables. */
export interface SutTrust {
  /** Where the files are, and others like them; it goes with the run. */
  readonly folder: string;
  /** For a link that the clouds' own SDKs call over TLS only. */
  certificatesFor(link: AnyLink): { readonly certificates?: Certificates };
  /** Variables for the system under test; files that they name are written, into a folder that goes with the run. Contains secrets. */
  environment(config: GatewayConfig): Readonly<Record<string, string>>;
  /** The files that `environment` has written, by path. Contains secrets. */
  files(): Readonly<Record<string, string>>;
}

const needsTls = (link: AnyLink): boolean =>
  !isNode(link) && providers[link.provider].services.some(({ service, needsTls: needs }) => needs && service === link.service);

/** A certificate authority for the run, if anything needs one. */
export const createSutTrust = async (run: LiveRun): Promise<SutTrust> => {
  const { reach } = run.sut;
  const isWanted = reach.hasTls && run.plan.links.some(needsTls);
  const ca = isWanted ? await createLocalCa() : undefined;
  const certificates = ca && (await issueCertificates(ca, [reach.host, ...reach.listenHosts]));
  // Its own stack is told nothing by its environment; only a load over `http` may ask what it would be.
  const isTold = run.plan.sut !== undefined || run.plan.scenario.load.http !== undefined;
  const folder = isTold ? await run.guard.folder('squall-sut-') : '';
  const written = new Map<string, string>();
  const tell = (config: GatewayConfig): Readonly<Record<string, string>> => {
    const credentials = new Map([...run.accesses].map(([provider, { credential }]) => [provider, credential]));
    const variables = sutEnvironment(config, credentials, (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      written.set(path, text);
      return path;
    });
    if (!ca) return variables;
    const trust = writeTrust(folder, ca.caCertPem);
    for (const path of Object.values(trust)) written.set(path, readFileSync(path, 'utf8'));
    return { ...variables, ...trustVariables(trust) };
  };
  let told: Readonly<Record<string, string>> | undefined;
  return {
    folder,
    certificatesFor: (link) => (certificates && needsTls(link) ? { certificates } : {}),
    environment(config) {
      told ??= tell(config);
      return told;
    },
    files: () => Object.fromEntries(written),
  };
};
