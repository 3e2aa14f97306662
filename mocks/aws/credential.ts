import type { ProviderCredential } from '../emulator.ts';

/** An access key: of a session (with a session token and an end), or long-lived (without). */
export type AwsCredential = Extract<ProviderCredential, { provider: 'aws' }>;

/** How long a session lasts unless its maker asks for another length: one hour (STS AssumeRole, `DurationSeconds`, in the SDKs' service model, read November 2026). */
const SESSION_MS = 3_600_000;

const KEY_ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** First bytes of a real session token, so that it looks like one: base64 `IQoJb3JpZ2luX2Vj`. */
const TOKEN_PREFIX = '!\n\torigin_ec';

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const randomBase64 = (bytes: number, prefix = ''): string => btoa(prefix + String.fromCharCode(...randomBytes(bytes)));

/** `ASIA` marks an access key of a session; long-lived ones begin with `AKIA`. */
const randomKeyId = (): string => `ASIA${Array.from(randomBytes(16), (byte) => KEY_ID_ALPHABET[byte % 32]).join('')}`;

/** A session of the workload's role, as STS hands it out: temporary key, secret and token that end together. */
export const mintSession = (): AwsCredential => ({
  provider: 'aws',
  accessKeyId: randomKeyId(),
  secretAccessKey: randomBase64(30),
  sessionToken: randomBase64(240, TOKEN_PREFIX),
  expiresAtMs: Date.now() + SESSION_MS,
});
