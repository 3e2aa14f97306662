import type { ControlCommand, FailureCondition } from '../control.ts';
import type { FetchHandler } from '../emulator.ts';
import type { ModelRuntime } from '../models/runtime.ts';
import type { CloudName, CloudService, ServiceSpec } from './service.ts';

/** What a fault, or a user's hand, can do to a cloud's account. Plain data. */
export type CloudCommand = ControlCommand;

/** What the services of one cloud share for as long as they run. */
export interface CloudAccount {
  /** What the workload signs in with, by the parts' own names, e.g. `accessKeyId`. Secret. */
  readonly credential: Readonly<Record<string, string>>;
  /** Applies a command at once. Rejects with a `TypeError` for a region, service or operation that the cloud lacks. */
  control(command: CloudCommand): Promise<void>;
}

/** What a world brings that the web platform does not. */
export interface CloudDependencies {
  readonly models: ModelRuntime;
}

/** Origin of a service's endpoint in a region; `global` where it has none. */
export type OriginOf = (service: string, region: string) => string;

/** All that is known of a cloud; `mocks/clouds.ts` lists them. */
export interface CloudDefinition<Account extends CloudAccount = CloudAccount> {
  readonly cloud: CloudName;
  /** In words, e.g. `Amazon Web Services`. */
  readonly title: string;
  /** Regions that services are emulated in when none are asked for: at least two. */
  readonly regions: readonly string[];
  readonly services: readonly CloudService<Account>[];
  /** A fresh account with fresh secrets. @param regions where its services will stand */
  open(regions: readonly string[], dependencies: CloudDependencies): Promise<Account>;
  /**
   * Tells the account where its endpoints stand, for answers in which a service names another's address. Until then, and where it is left out,
   * they name the cloud's own hosts.
   * @param originOf as of `environment`
   */
  standAt?(account: Account, originOf: OriginOf): void;
  /**
   * Environment variables by which the cloud's own SDKs and tools find the credential and the emulators.
   * @param originOf origin of a service's endpoint; `global` where it has no regions
   */
  environment(account: Account, originOf: OriginOf): Readonly<Record<string, string>>;
}

/** One endpoint of an open cloud. */
export interface CloudEndpoint {
  readonly spec: ServiceSpec;
  readonly region: string;
  readonly fetch: FetchHandler;
  /** As `CloudService.failure`. */
  readonly failure?: (condition: FailureCondition) => Response;
}

/** A cloud that answers. */
export interface Cloud {
  readonly cloud: CloudName;
  readonly regions: readonly string[];
  readonly endpoints: readonly CloudEndpoint[];
  readonly account: CloudAccount;
  /** As `CloudDefinition.standAt`. */
  standAt(originOf: OriginOf): void;
  environment(originOf: OriginOf): Readonly<Record<string, string>>;
}

/** Region of a service that has one endpoint for all regions. */
export const GLOBAL = 'global';

/** Opens an account at a cloud, with an endpoint of every service, and of the regional ones in every region. */
export const openCloud = async <Account extends CloudAccount>(
  definition: CloudDefinition<Account>,
  dependencies: CloudDependencies,
  regions: readonly string[] = definition.regions,
): Promise<Cloud> => {
  const account = await definition.open(regions, dependencies);
  const endpoints = definition.services.flatMap((service) =>
    (service.spec.isRegional ? regions : [GLOBAL]).map((region) => ({
      spec: service.spec,
      region,
      fetch: service.create(account, region),
      ...(service.failure ? { failure: (condition: FailureCondition) => service.failure!(condition) } : {}),
    })),
  );
  return {
    cloud: definition.cloud,
    regions,
    endpoints,
    account,
    standAt: (originOf) => definition.standAt?.(account, originOf),
    environment: (originOf) => definition.environment(account, originOf),
  };
};
