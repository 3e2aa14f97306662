import { type CloudCommand, GLOBAL } from './cloud.ts';
import type { Permissions } from './permissions.ts';
import type { RequestRates } from './request-rates.ts';
import type { CloudName, ServiceSpec } from './service.ts';
import { stackOnly } from './stack-only.ts';

/** What commands act on in a cloud's account. */
export interface ControlledAccount {
  readonly cloud: CloudName;
  readonly regions: readonly string[];
  readonly specs: readonly ServiceSpec[];
  readonly permissions: Permissions;
  readonly rates: RequestRates;
  revokeCredential(replacementAfterMs: number | null): Promise<void>;
  /** Ends what was issued until now; the long-lived credential stays good. */
  expireTokens(): void;
  /** @param noticeMs the cloud's own when left out */
  interruptInstances(region: string, noticeMs?: number): void;
}

const ANY = '*';

/** Carries commands out on an account of a cloud that publishes no prices here. Rejects with a `TypeError` for what the cloud lacks. */
export const createControl = (account: ControlledAccount): ((command: CloudCommand) => Promise<void>) => {
  const { cloud, regions, specs } = account;

  const checkRegion = (region: string): void => {
    if (region !== ANY && !regions.includes(region)) throw new TypeError(`${cloud} has no region ${region}`);
  };

  const select = (service: string, region: string) => {
    const selected = specs
      .filter((spec) => service === ANY || spec.service === service)
      .flatMap((spec) => (spec.isRegional ? regions : [GLOBAL]).map((at) => ({ spec, region: at })))
      .filter((endpoint) => region === ANY || endpoint.region === region);
    if (selected.length === 0) throw new TypeError(`${cloud} has no service ${region}/${service}`);
    return selected;
  };

  const carryOut: {
    [Type in CloudCommand['type']]: (command: Extract<CloudCommand, { type: Type }>) => Promise<void> | void;
  } = {
    'revoke-credential': ({ replacementAfterMs }) => account.revokeCredential(replacementAfterMs),
    'expire-tokens': () => account.expireTokens(),
    'set-price-multiplier': ({ service, region }) => {
      select(service, region);
      throw new TypeError(`${cloud} has no price list here`);
    },
    'set-quota': ({ service, region, requestsPerS }) => {
      for (const { spec, region: at } of select(service, region)) account.rates.set(spec.service, at, requestsPerS);
    },
    'set-permission': ({ service, operation, isAllowed }) => {
      for (const { spec } of select(service, ANY)) {
        if (operation !== ANY && !spec.operations.some(({ name }) => name === operation)) {
          throw new TypeError(`${cloud}'s ${spec.service} has no operation ${operation}`);
        }
        account.permissions.set(spec.service, operation, isAllowed);
      }
    },
    'set-key-enabled': () => {
      throw new TypeError(`${cloud} has no key service here`);
    },
    'rotate-keys': () => {
      throw new TypeError(`${cloud} has no key service here`);
    },
    ...stackOnly(cloud),
    'interrupt-instances': ({ region, noticeMs }) => {
      checkRegion(region);
      for (const at of region === ANY ? regions : [region]) account.interruptInstances(at, noticeMs);
    },
  };

  return async (command) => {
    await carryOut[command.type](command as never);
  };
};
