import { hostOf } from '../../names/host.ts';
import { type Certificates, issueCertificates } from '../../tls/certificates.ts';
import { createLocalCa } from '../../tls/local-ca.ts';
import { createIdentityIssuer, type IdentitySource } from '../../tls/part-identity.ts';
import type { AnyLink } from '../../topology/link.ts';
import { speaksHttp } from '../../topology/secured-links.ts';
import type { LiveRun } from './run.ts';

/** TLS between the parts of a run, for a design that asks for it. */
export interface Transport {
  /** What a part proves itself by. @param links that lead to it: it answers by their names */
  identityOf(part: string, links?: readonly AnyLink[]): Promise<IdentitySource>;
  /** What the wire shows to callers of a link, and proves itself by towards what answers there. */
  onLink(link: AnyLink): Promise<{ readonly certificates?: Certificates; readonly identity?: IdentitySource }>;
}

const LOOPBACK = ['127.0.0.1', 'localhost'];

/** @returns undefined where the design speaks plain HTTP, or another system is tested, which knows nothing of the run's authority */
export const createTransport = async ({ plan, cleanUp }: LiveRun): Promise<Transport | undefined> => {
  const { transport } = plan.design;
  if (!transport || plan.sut !== undefined) return undefined;
  const ca = await createLocalCa();
  const issuer = createIdentityIssuer(ca, { lifetimeMs: transport.certificateMs, isMutual: transport.mutual });
  cleanUp.defer(async () => issuer.close());
  const wire = await issuer.identityFor(['wire.stack.test']);
  return {
    identityOf: (part, links = []) => issuer.identityFor([`${part}.stack.test`, ...links.map(hostOf), ...LOOPBACK]),
    async onLink(link) {
      if (!speaksHttp(link)) return {};
      return {
        certificates: await issueCertificates(ca, [hostOf(link)], { isMutual: transport.mutual }),
        identity: wire,
      };
    },
  };
};
