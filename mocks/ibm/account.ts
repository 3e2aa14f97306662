import type { CloudAccount, CloudDependencies } from '../cloud/cloud.ts';
import { createControl } from '../cloud/control.ts';
import { createPermissions, type Permissions } from '../cloud/permissions.ts';
import { createRequestRates, type RequestRates } from '../cloud/request-rates.ts';
import type { ServiceSpec } from '../cloud/service.ts';
import { type ApiKeys, createApiKeys } from './iam/api-keys.ts';
import { createTokenAuthority, type TokenAuthority, type TokenSubject } from './iam/tokens.ts';
import { createSpace, type Space } from './watsonx/space.ts';

/** What IBM's services share: an account with one service ID, and a deployment space in each region. */
export interface IbmAccount extends CloudAccount, TokenSubject {
  readonly keys: ApiKeys;
  readonly tokens: TokenAuthority;
  readonly permissions: Permissions;
  readonly rates: RequestRates;
  readonly dependencies: CloudDependencies;
  readonly regions: readonly string[];
  /** @throws {TypeError} for a region that the account has no services in */
  spaceIn(region: string): Space;
}

/**
 * An account with fresh secrets.
 * @param specs services that its control commands can name
 */
export const openAccount = async (
  specs: readonly ServiceSpec[],
  regions: readonly string[],
  dependencies: CloudDependencies,
): Promise<IbmAccount> => {
  const keys = createApiKeys();
  const tokens = await createTokenAuthority();
  const permissions = createPermissions();
  const rates = createRequestRates(specs);
  const iamId = `iam-ServiceId-${crypto.randomUUID()}`;
  const spaces = new Map(regions.map((region) => [region, createSpace(region, iamId)]));

  return {
    accountId: crypto.randomUUID().replaceAll('-', ''),
    iamId,
    keys,
    tokens,
    permissions,
    rates,
    dependencies,
    regions,
    get credential() {
      return { apikey: keys.published.apikey };
    },
    spaceIn(region) {
      const space = spaces.get(region);
      if (!space) throw new TypeError(`ibm has no region ${region}`);
      return space;
    },
    control: createControl({
      cloud: 'ibm',
      regions,
      specs,
      permissions,
      rates,
      async revokeCredential(replacementAfterMs) {
        tokens.revokeAll();
        await keys.revoke(replacementAfterMs);
      },
      expireTokens: () => tokens.expireAll(),
      // watsonx.ai has no instances that could be taken.
      interruptInstances: () => undefined,
    }),
  };
};
