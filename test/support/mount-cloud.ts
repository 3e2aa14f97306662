import { type Mounted, mount } from '../../harness/world/live/mount.ts';
import { type CloudAccount, type CloudDefinition, GLOBAL } from '../../mocks/cloud/cloud.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';

/** A cloud on loopback sockets, each endpoint with an origin of its own. */
export interface MountedCloud<Account> extends AsyncDisposable {
  readonly account: Account;
  /**
   * @param region left out for a service that has one endpoint for all regions
   * @throws {TypeError} for an endpoint that the cloud lacks
   */
  originOf(service: string, region?: string): string;
}

/** Opens an account in some regions, and mounts each of its services where it stands. */
export const mountCloud = async <Account extends CloudAccount>(
  { open, services }: CloudDefinition<Account>,
  regions: readonly string[],
  models: ModelRuntime,
): Promise<MountedCloud<Account>> => {
  const account = await open(regions, { models });
  const mounted = new Map<string, Mounted>();
  for (const { spec, create } of services) {
    for (const region of spec.isRegional ? regions : [GLOBAL]) {
      mounted.set(`${region}/${spec.service}`, await mount(create(account, region)));
    }
  }
  return {
    account,
    originOf(service, region = GLOBAL) {
      const found = mounted.get(`${region}/${service}`);
      if (!found) throw new TypeError(`nothing mounted as ${region}/${service}`);
      return found.origin;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...mounted.values()].map(({ close }) => close()));
    },
  };
};
