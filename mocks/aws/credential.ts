import type { ProviderCredential } from '../emulator.ts';

/** An access key: of a session (with a session token and an end), or long-lived (without). */
export type AwsCredential = Extract<ProviderCredential, { provider: 'aws' }>;

/** How long a session lasts unless its maker asks for another length: one hour (STS AssumeRole, `DurationSeconds`, in the SDKs' service model, read November 2026). */
export const SESSION_MS = 3_600_000;

const KEY_ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** First bytes of a real session token, so that it looks like one: base64 `IQoJb3JpZ2luX2Vj`. */
const TOKEN_PREFIX = '!\n\torigin_ec';

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const randomBase64 = (bytes: number, prefix = ''): string => btoa(prefix + String.fromCharCode(...randomBytes(bytes)));

/**
 * An identifier in IAM's form: a prefix that says of what, and 16 more capitals and digits.
 * @param prefix `ASIA` access key of a session, `AKIA` long-lived access key, `AIDA` user, `AROA` role
 */
export const randomId = (prefix: string): string =>
  `${prefix}${Array.from(randomBytes(16), (byte) => KEY_ID_ALPHABET[byte % 32]).join('')}`;

/**
 * A session of a role, as STS hands it out: temporary key, secret and token that end together.
 * @param lengthMs how long it lasts, milliseconds
 */
export const mintSession = (lengthMs = SESSION_MS): AwsCredential => ({
  provider: 'aws',
  accessKeyId: randomId('ASIA'),
  secretAccessKey: randomBase64(30),
  sessionToken: randomBase64(240, TOKEN_PREFIX),
  expiresAtMs: Date.now() + lengthMs,
});

/** An access key of a user, as IAM hands it out: good until it is deactivated. */
export const mintAccessKey = (): AwsCredential => ({
  provider: 'aws',
  accessKeyId: randomId('AKIA'),
  secretAccessKey: randomBase64(30),
});
