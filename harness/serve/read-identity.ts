import { SquallError } from '../errors.ts';
import type { GatewayConfig } from '../serving/config.ts';

/** All of them, or none. */
const VARIABLES = ['OIDC_ISSUER', 'OIDC_ENDPOINT', 'OIDC_AUDIENCE', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;

/** The internal audience is that of parts which `squall serve` does not have: nobody's tokens are for it. */
const NO_PARTS = 'urn:squall:no-parts';

/**
 * How a gateway that stands alone knows who calls, from the environment: the issuer's name, the origin at which it is reached, what tokens have to be for, and
 * what the gateway asks the issuer with. Where the variables are missing the design's `identity` is off.
 * @throws {SquallError} `BAD_FLAG` when some are set and others are not
 */
export const readIdentity = (
  environment: Readonly<Record<string, string | undefined>>,
  design: GatewayConfig['design'],
): Pick<GatewayConfig, 'design' | 'identity'> => {
  const missing = VARIABLES.filter((name) => !environment[name]);
  if (missing.length === VARIABLES.length) return { design: { ...design, identity: false } };
  if (missing.length > 0) {
    throw new SquallError(
      'BAD_FLAG',
      `${missing.join(', ')} not set.`,
      `Set all of ${VARIABLES.join(', ')}, or none to let anybody in.`,
    );
  }
  const [issuer, endpoint, audience, id, secret] = VARIABLES.map((name) => environment[name]!) as [
    string,
    string,
    string,
    string,
    string,
  ];
  return { design, identity: { issuer, endpoint, audience, internalAudience: NO_PARTS, client: { id, secret } } };
};
