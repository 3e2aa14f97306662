import type { CloudAccount, CloudDependencies } from '../cloud/cloud.ts';
import { createControl } from '../cloud/control.ts';
import { createPermissions, type Permissions } from '../cloud/permissions.ts';
import { createRequestRates, type RequestRates } from '../cloud/request-rates.ts';
import type { ServiceSpec } from '../cloud/service.ts';
import { failure, HuggingFaceError } from './errors.ts';
import { type AccessToken, type AccessTokens, createAccessTokens } from './tokens.ts';

/** What Hugging Face's services share: a user with one access token. */
export interface HuggingFaceAccount extends CloudAccount {
  /** 24 hexadecimal digits, as of a MongoDB object. */
  readonly userId: string;
  readonly userName: string;
  readonly tokens: AccessTokens;
  readonly permissions: Permissions;
  readonly dependencies: CloudDependencies;
  /**
   * Lets a call in.
   * @param denied what the service says to a token that lacks the permission
   * @param throttled what it says above its rate
   * @throws {HuggingFaceError} 401, 403 or 429
   */
  admit(
    spec: ServiceSpec,
    region: string,
    operation: string,
    request: Request,
    denied: string,
    throttled?: () => HuggingFaceError,
  ): AccessToken;
}

const hexadecimal = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * An account with fresh secrets.
 * @param specs services that its control commands can name
 */
export const openAccount = (
  specs: readonly ServiceSpec[],
  regions: readonly string[],
  dependencies: CloudDependencies,
): HuggingFaceAccount => {
  const tokens = createAccessTokens();
  const permissions = createPermissions();
  const rates: RequestRates = createRequestRates(specs);
  return {
    userId: hexadecimal(12),
    userName: `squall-${hexadecimal(3)}`,
    tokens,
    permissions,
    dependencies,
    get credential() {
      return { accessToken: tokens.published.accessToken };
    },
    admit(spec, region, operation, request, denied, throttled = () => failure('throttled')) {
      const token = tokens.authenticate(request);
      if (!rates.admits(spec.service, region)) throw throttled();
      if (!permissions.allows(spec.service, operation)) throw new HuggingFaceError(403, denied);
      return token;
    },
    control: createControl({
      cloud: 'huggingface',
      regions,
      specs,
      permissions,
      rates,
      revokeCredential: (replacementAfterMs) => tokens.revoke(replacementAfterMs),
      expireTokens: () => tokens.expire(),
      // No service here has instances that could be taken.
      interruptInstances: () => undefined,
    }),
  };
};
