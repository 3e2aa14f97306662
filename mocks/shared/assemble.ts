import type { Permissions } from '../cloud/permissions.ts';
import type { ControlCommand } from '../control.ts';
import type { EmulatedEndpoint, ProviderCredential, ProviderEmulator, ProviderName } from '../emulator.ts';
import type { InferenceBackend } from '../inference/backend.ts';
import type { Clock } from './clock.ts';
import type { CredentialStore } from './credential-store.ts';

/** A key service as commands act on it. */
export interface KeyServicePart {
  readonly service: string;
  readonly region: string;
  setEnabled(isEnabled: boolean): void;
  rotateAll(): void;
}

/** The parts of a provider's emulator that its own folder makes. */
export interface EmulatorParts<Credential extends ProviderCredential> {
  readonly provider: ProviderName;
  readonly endpoints: readonly EmulatedEndpoint[];
  readonly backends: readonly InferenceBackend[];
  readonly credentials: CredentialStore<Credential>;
  /** Asked by the endpoints whose definition has operations. */
  readonly permissions: Permissions;
  /** What signatures and assertions are held to; absent where callers state no time. */
  readonly clock?: Clock;
  /** Its key services, by region; absent where the stack has none there. */
  readonly keyServices?: readonly KeyServicePart[];
  /** Kills every token and session made from the active credential; the credential stays good. */
  expireTokens(): void;
  /** Kills every token and session made from a credential that is being revoked. Defaults to `expireTokens`. */
  revokeTokens?(): void;
}

/**
 * From a provider's notice to the end of a spot instance, where a second stands for a minute: two minutes at AWS, 30 s at the others (the clouds'
 * emulators have the sources: mocks/aws/ec2, mocks/google/compute, mocks/azure/compute).
 */
const SPOT_NOTICE_MS: Readonly<Record<ProviderName, number>> = { aws: 2000, google: 500, azure: 500 };

/** Answers say what time it is at the provider: by that callers set themselves right. */
const dated = (endpoint: EmulatedEndpoint, clock: Clock): EmulatedEndpoint => ({
  ...endpoint,
  async fetch(request) {
    const response = await endpoint.fetch(request);
    if (clock.hasBeenSet) response.headers.set('date', new Date(clock.nowMs()).toUTCString());
    return response;
  },
});

/** Puts the parts together and carries out control commands on them. */
export const assembleEmulator = <Credential extends ProviderCredential>(parts: EmulatorParts<Credential>): ProviderEmulator => {
  const select = (region: string, service: string): readonly InferenceBackend[] => {
    const matching = parts.backends.filter(
      (backend) => (region === '*' || region === backend.region.region) && (service === '*' || service === backend.service),
    );
    if (matching.length === 0) throw new TypeError(`${parts.provider} has no inference endpoint ${region}/${service}`);
    return matching;
  };

  const selectKeys = (region: string, service: string): readonly KeyServicePart[] => {
    const matching = (parts.keyServices ?? []).filter(
      (one) => (region === '*' || region === one.region) && (service === '*' || service === one.service),
    );
    if (matching.length === 0) throw new TypeError(`${parts.provider} has no key service ${region}/${service}`);
    return matching;
  };

  const checkOperation = (service: string, operation: string): void => {
    const definition = parts.endpoints.find((one) => one.definition.service === service && one.definition.operations)?.definition;
    if (!definition?.operations) throw new TypeError(`${parts.provider} has no service ${service} that needs a permission`);
    if (operation !== '*' && !definition.operations.includes(operation)) {
      throw new TypeError(`${parts.provider}'s ${service} has no operation ${operation}`);
    }
  };

  const carryOut: {
    [Type in ControlCommand['type']]: (command: Extract<ControlCommand, { type: Type }>) => Promise<void> | void;
  } = {
    'revoke-credential': async (command) => {
      (parts.revokeTokens ?? parts.expireTokens)();
      await parts.credentials.revoke(command.replacementAfterMs);
    },
    'expire-tokens': () => parts.expireTokens(),
    'set-price-multiplier': (command) => {
      for (const backend of select(command.region, command.service)) backend.setPriceMultiplier(command.multiplier);
    },
    'set-quota': (command) => {
      for (const backend of select(command.region, command.service)) backend.setQuota(command.requestsPerS);
    },
    'set-clock-offset': ({ offsetMs }) => {
      if (!parts.clock) throw new TypeError(`${parts.provider} holds nobody to a time that they state`);
      parts.clock.set(offsetMs);
    },
    'set-permission': ({ service, operation, isAllowed }) => {
      checkOperation(service, operation);
      parts.permissions.set(service, operation, isAllowed);
    },
    'set-key-enabled': ({ region, service, isEnabled }) => {
      for (const keys of selectKeys(region, service)) keys.setEnabled(isEnabled);
    },
    'rotate-keys': ({ region, service }) => {
      for (const keys of selectKeys(region, service)) keys.rotateAll();
    },
    'interrupt-instances': ({ region, noticeMs = SPOT_NOTICE_MS[parts.provider], share = 1 }) => {
      for (const { capacity } of select(region, '*')) capacity.interrupt({ noticeMs, share });
    },
    'set-spot-capacity': ({ region, availableAfterMs }) => {
      for (const { capacity } of select(region, '*')) capacity.setSpotAvailable(availableAfterMs);
    },
    'degrade-instances': ({ region, service, ...degradation }) => {
      for (const { capacity } of select(region, service)) capacity.degrade(degradation);
    },
  };

  return {
    provider: parts.provider,
    endpoints: parts.clock ? parts.endpoints.map((endpoint) => dated(endpoint, parts.clock!)) : parts.endpoints,
    async control(command) {
      await carryOut[command.type](command as never);
    },
    usage: () => parts.backends.map((backend) => backend.usage()),
  };
};
