import type { ProviderCredential } from '../emulator.ts';

/** An application's secret in a tenant, and the key of the online endpoint that it calls. */
export type AzureCredential = Extract<ProviderCredential, { provider: 'azure' }>;

const DIGITS = '0123456789';
const ALPHANUMERIC = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz${DIGITS}`;

const randomText = (length: number, alphabet: string): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => alphabet[byte % alphabet.length]).join('');

/** In the form that Entra gives client secrets: 40 characters, `Q~` in the fifth and sixth place. */
const mintClientSecret = (): string =>
  `${randomText(3, ALPHANUMERIC)}${randomText(1, DIGITS)}Q~${randomText(34, `${ALPHANUMERIC}-_.~`)}`;

/** In the form of an online endpoint's key: 32 letters and digits. */
const mintEndpointKey = (): string => randomText(32, ALPHANUMERIC);

/** In the form of a Cognitive Services key: 32 hexadecimal digits. */
const mintSubscriptionKey = (): string => randomText(32, '0123456789abcdef');

/** What a workload at the whole cloud holds: the application, the endpoint's key, and the key of the AI services. */
export type AzureCloudCredential = AzureCredential & {
  /** `Ocp-Apim-Subscription-Key` of the vision and language resources. */
  readonly subscriptionKey: string;
};

export const mintCloudCredential = async (): Promise<AzureCloudCredential> => ({
  ...(await mintCredential()),
  subscriptionKey: mintSubscriptionKey(),
});

/** As `rotateCredential`, and a new key of the AI services. */
export const rotateCloudCredential = async (credential: AzureCloudCredential): Promise<AzureCloudCredential> => ({
  ...(await rotateCredential(credential)),
  subscriptionKey: mintSubscriptionKey(),
});

/** A fresh application in a fresh tenant, with its first secret and endpoint key. */
export const mintCredential = async (): Promise<AzureCredential> => ({
  provider: 'azure',
  tenantId: crypto.randomUUID(),
  clientId: crypto.randomUUID(),
  clientSecret: mintClientSecret(),
  endpointKey: mintEndpointKey(),
});

/** What a rotation gives: a new secret and a new endpoint key; tenant and application stay. */
export const rotateCredential = async <Credential extends AzureCredential>(credential: Credential): Promise<Credential> => ({
  ...credential,
  clientSecret: mintClientSecret(),
  endpointKey: mintEndpointKey(),
});
