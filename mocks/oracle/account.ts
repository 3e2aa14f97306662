import type { CloudAccount, CloudDependencies } from '../cloud/cloud.ts';
import { createControl } from '../cloud/control.ts';
import { createPermissions, type Permissions } from '../cloud/permissions.ts';
import { createRequestRates, type RequestRates } from '../cloud/request-rates.ts';
import type { ServiceSpec } from '../cloud/service.ts';
import { mintOcid } from './ocid.ts';
import { createRegion, type OracleRegion } from './region.ts';
import { createSigningKeys } from './signature/signing-keys.ts';
import type { Signatory } from './signature/verify.ts';

/** What Oracle's services share: a tenancy with one user, and its resources in each region. */
export interface OracleAccount extends CloudAccount, Signatory {
  readonly permissions: Permissions;
  readonly rates: RequestRates;
  readonly dependencies: CloudDependencies;
  readonly regions: readonly string[];
  /** @throws {TypeError} for a region that the tenancy is not subscribed to */
  regionOf(region: string): OracleRegion;
}

const mintPrefix = () => {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
  return `${letters[0]?.toUpperCase()}${letters.slice(1)}`;
};

/**
 * A tenancy with fresh secrets.
 * @param specs services that its control commands can name
 */
export const openAccount = async (
  specs: readonly ServiceSpec[],
  regions: readonly string[],
  dependencies: CloudDependencies,
): Promise<OracleAccount> => {
  const tenancy = mintOcid('tenancy');
  const user = mintOcid('user');
  const keys = await createSigningKeys();
  const permissions = createPermissions();
  const rates = createRequestRates(specs);
  const prefix = mintPrefix();
  const resources = new Map(regions.map((region) => [region, createRegion(region, tenancy, prefix)]));

  const regionOf = (region: string): OracleRegion => {
    const found = resources.get(region);
    if (!found) throw new TypeError(`oracle has no region ${region}`);
    return found;
  };

  return {
    tenancy,
    user,
    keys,
    permissions,
    rates,
    dependencies,
    regions,
    regionOf,
    get credential() {
      const { fingerprint, privateKey } = keys.published;
      return { tenancy, user, fingerprint, privateKey };
    },
    control: createControl({
      cloud: 'oracle',
      regions,
      specs,
      permissions,
      rates,
      revokeCredential: (replacementAfterMs) => keys.revoke(replacementAfterMs),
      // Requests are signed with the long-lived key: there are no tokens that could expire.
      expireTokens: () => undefined,
      interruptInstances: (region, noticeMs) => regionOf(region).instances.preempt(noticeMs),
    }),
  };
};
