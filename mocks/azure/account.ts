import type { CloudAccount, CloudCommand, CloudDependencies } from '../cloud/cloud.ts';
import { GLOBAL } from '../cloud/cloud.ts';
import { createPermissions, type Permissions } from '../cloud/permissions.ts';
import { createRequestRates, type RequestRates } from '../cloud/request-rates.ts';
import type { ServiceSpec } from '../cloud/service.ts';
import { stackOnly } from '../cloud/stack-only.ts';
import { createMachines, type Machines } from './compute/machines.ts';
import { createMachinePrices, type MachinePrices } from './compute/sizes.ts';
import { type AzureCloudCredential, mintCloudCredential, rotateCloudCredential } from './credential.ts';
import { KEY_VAULT } from './key-vault/front.ts';
import { createVault, type Vault } from './key-vault/vault.ts';
import { createScheduledEvents, type ScheduledEvents } from './metadata/scheduled-events.ts';
import { createOnlineEndpoints, type OnlineEndpoints } from './ml/online-endpoints.ts';
import { type AppRegistration, createAppRegistration } from './registration.ts';
import { createTokenAuthority, type TokenAuthority } from './tokens.ts';

/** Name of the resource group, which stands in the subscription from the start. */
export const RESOURCE_GROUP = 'squall';

/** Name of the machine learning workspace of a region. */
export const workspaceOf = (region: string): string => `squall-${region}`;

/** What Azure's services share: a tenant with one application, and a subscription that it owns. */
export interface AzureAccount extends CloudAccount {
  readonly regions: readonly string[];
  readonly subscriptionId: string;
  readonly app: AppRegistration<AzureCloudCredential>;
  readonly authority: TokenAuthority;
  readonly permissions: Permissions;
  readonly rates: RequestRates;
  readonly machines: Machines;
  readonly machinePrices: MachinePrices;
  readonly scheduledEvents: ScheduledEvents;
  readonly onlineEndpoints: OnlineEndpoints;
  /** By region. */
  readonly vaults: ReadonlyMap<string, Vault>;
  readonly dependencies: CloudDependencies;
}

const ANY = '*';

/**
 * A subscription in a tenant of its own, with fresh secrets.
 * @param specs services that its control commands can name
 */
export const openAccount = async (
  specs: readonly ServiceSpec[],
  regions: readonly string[],
  dependencies: CloudDependencies,
): Promise<AzureAccount> => {
  const initial = await mintCloudCredential();
  const subscriptionId = crypto.randomUUID();
  const app = createAppRegistration(initial, rotateCloudCredential);
  const authority = await createTokenAuthority(initial.tenantId);
  const permissions = createPermissions();
  const rates = createRequestRates(specs);
  const scheduledEvents = createScheduledEvents();
  const machinePrices = createMachinePrices();
  const machines = createMachines(subscriptionId, scheduledEvents);
  const onlineEndpoints = createOnlineEndpoints(regions, dependencies.models);
  const vaults = new Map(regions.map((region) => [region, createVault()] as const));

  const checkRegion = (region: string): void => {
    if (region !== ANY && !regions.includes(region)) throw new TypeError(`azure has no region ${region}`);
  };

  const select = (service: string, region: string) => {
    const selected = specs
      .filter((spec) => service === ANY || spec.service === service)
      .flatMap((spec) => (spec.isRegional ? regions : [GLOBAL]).map((at) => ({ spec, region: at })))
      .filter((endpoint) => region === ANY || endpoint.region === region);
    if (selected.length === 0) throw new TypeError(`azure has no service ${region}/${service}`);
    return selected;
  };

  /** Vaults among the endpoints that a command means. @throws {TypeError} */
  const vaultsOf = (service: string, region: string): readonly Vault[] => {
    const selected = select(service, region).filter(({ spec }) => spec.service === KEY_VAULT);
    if (selected.length === 0) throw new TypeError(`azure's ${service} has no keys; ${KEY_VAULT} has`);
    return selected.map((endpoint) => vaults.get(endpoint.region)!);
  };

  const carryOut: {
    [Type in CloudCommand['type']]: (command: Extract<CloudCommand, { type: Type }>) => Promise<void> | void;
  } = {
    'revoke-credential': async ({ replacementAfterMs }) => {
      app.retireSecret();
      authority.expireAll();
      await app.credentials.revoke(replacementAfterMs);
    },
    'expire-tokens': () => authority.expireAll(),
    'set-price-multiplier': ({ service, region, multiplier }) => {
      for (const endpoint of select(service, region)) {
        if (endpoint.spec.service === 'compute') machinePrices.setMultiplier(endpoint.region, multiplier);
        if (endpoint.spec.service === 'ml-online-endpoint') {
          onlineEndpoints.backendOf(endpoint.region).setPriceMultiplier(multiplier);
        }
      }
    },
    'set-quota': ({ service, region, requestsPerS }) => {
      for (const { spec, region: at } of select(service, region)) rates.set(spec.service, at, requestsPerS);
    },
    'set-permission': ({ service, operation, isAllowed }) => {
      for (const { spec } of select(service, ANY)) {
        if (operation !== ANY && !spec.operations.some(({ name }) => name === operation)) {
          throw new TypeError(`azure's ${spec.service} has no operation ${operation}`);
        }
        permissions.set(spec.service, operation, isAllowed);
      }
    },
    'set-key-enabled': ({ service, region, isEnabled }) => {
      for (const vault of vaultsOf(service, region)) vault.setEnabled(isEnabled);
    },
    'rotate-keys': ({ service, region }) => {
      for (const vault of vaultsOf(service, region)) vault.rotateAll();
    },
    ...stackOnly('azure'),
    'interrupt-instances': ({ region, noticeMs }) => {
      checkRegion(region);
      for (const at of region === ANY ? regions : [region]) machines.evictSpot(at, noticeMs);
    },
  };

  return {
    get credential() {
      const { provider: _, ...parts } = app.credentials.published;
      return { ...parts, subscriptionId, resourceGroup: RESOURCE_GROUP };
    },
    regions,
    subscriptionId,
    app,
    authority,
    permissions,
    rates,
    machines,
    machinePrices,
    scheduledEvents,
    onlineEndpoints,
    vaults,
    dependencies,
    async control(command) {
      await carryOut[command.type](command as never);
    },
  };
};
