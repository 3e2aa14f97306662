import type { ProviderCredential, ProviderName } from '../../mocks/emulator.ts';
import type { GatewayConfig, GatewayLink } from '../serving/config.ts';
import { variableSuffix } from '../topology/variable-suffix.ts';
import { awsEnvironment } from './environment/aws.ts';
import { azureEnvironment } from './environment/azure.ts';
import { googleEnvironment } from './environment/google.ts';

/** What the variables of a provider are made of. */
export interface ProviderFacts<Provider extends ProviderName = ProviderName> {
  readonly credential: Extract<ProviderCredential, { readonly provider: Provider }>;
  /** Its inference links, in order of priority; at least one. */
  readonly links: readonly [GatewayLink, ...GatewayLink[]];
  /** Keeps a text in a file of the run that only its owner can read, and returns the file's path; absent in a world without files. */
  readonly keep?: (fileName: string, text: string) => string;
}

/** A provider's own variables, by which its SDKs and tools find endpoints and credentials: one file each. */
const PROVIDERS: { readonly [Provider in ProviderName]: (facts: ProviderFacts<Provider>) => Readonly<Record<string, string>> } = {
  aws: awsEnvironment,
  google: googleEnvironment,
  azure: azureEnvironment,
};

/** What the variables of a link end in. */
export const linkSuffix = ({ provider, region }: GatewayLink): string => variableSuffix(provider, region);

/** squall's own variables: the same in both worlds. `SQUALL_LINKS` and the tokens are secret. */
export const linkEnvironment = ({ model, links }: GatewayConfig): Readonly<Record<string, string>> => ({
  SQUALL_MODEL: model,
  SQUALL_LINKS: JSON.stringify(links),
  ...Object.fromEntries(links.map((link) => [`SQUALL_ENDPOINT_${linkSuffix(link)}`, link.endpoint])),
  // For programs that take no URL.
  ...Object.fromEntries(links.map((link) => [`SQUALL_ADDRESS_${linkSuffix(link)}`, new URL(link.endpoint).host])),
  ...Object.fromEntries(links.map((link) => [`SQUALL_ENDPOINT_NAME_${linkSuffix(link)}`, link.endpointName])),
  ...Object.fromEntries(
    links.flatMap(({ provider, tokenEndpoint, priceEndpoint, secretEndpoint, secretStoreToken }) => {
      const name = provider.toUpperCase();
      return [
        ...(tokenEndpoint === undefined ? [] : [[`SQUALL_TOKEN_ENDPOINT_${name}`, tokenEndpoint]]),
        [`SQUALL_PRICE_ENDPOINT_${name}`, priceEndpoint],
        [`SQUALL_SECRET_ENDPOINT_${name}`, secretEndpoint],
        [`SQUALL_SECRET_TOKEN_${name}`, secretStoreToken],
      ];
    }),
  ),
});

/**
 * All that a system under test is told by its environment: squall's own variables, and those of each provider's SDKs. docs/bring-your-own.md lists
 * them. Contains secrets.
 */
export const sutEnvironment = (
  config: GatewayConfig,
  credentials: ReadonlyMap<ProviderName, ProviderCredential>,
  keep?: ProviderFacts['keep'],
): Readonly<Record<string, string>> =>
  Object.assign(
    { ...linkEnvironment(config) },
    ...[...credentials].map(([provider, credential]) => {
      const [first, ...others] = config.links.filter((link) => link.provider === provider);
      const variables = PROVIDERS[provider] as (facts: ProviderFacts) => Readonly<Record<string, string>>;
      return first ? variables({ credential, links: [first, ...others], ...(keep ? { keep } : {}) } as ProviderFacts) : {};
    }),
  ) as Readonly<Record<string, string>>;
