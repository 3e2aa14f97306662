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

/** A fresh application in a fresh tenant, with its first secret and endpoint key. */
export const mintCredential = async (): Promise<AzureCredential> => ({
  provider: 'azure',
  tenantId: crypto.randomUUID(),
  clientId: crypto.randomUUID(),
  clientSecret: mintClientSecret(),
  endpointKey: mintEndpointKey(),
});

/** What a rotation gives: a new secret and a new endpoint key; tenant and application stay. */
export const rotateCredential = async (credential: AzureCredential): Promise<AzureCredential> => ({
  ...credential,
  clientSecret: mintClientSecret(),
  endpointKey: mintEndpointKey(),
});
