import type { ProviderCredential } from '../emulator.ts';
import { stableDigits } from './resource-names.ts';

/** A key of a service account, with the account it belongs to. */
export type GoogleCredential = Extract<ProviderCredential, { provider: 'google' }>;

const randomHex = (digits: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(digits / 2)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const toPem = (label: string, der: ArrayBuffer): string => {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(der)));
  return `-----BEGIN ${label}-----\n${base64.replace(/(.{64})(?!$)/g, '$1\n')}\n-----END ${label}-----\n`;
};

/** Makes a key as Google makes one for a service account: RSA of 2048 bits, PKCS #8, and an id of 40 hexadecimal digits. */
export const mintKey = async (projectId: string, clientEmail: string): Promise<GoogleCredential> => {
  const { privateKey } = await crypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    true,
    ['sign', 'verify'],
  );
  return {
    provider: 'google',
    projectId,
    clientEmail,
    privateKeyId: randomHex(40),
    privateKeyPem: toPem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', privateKey)),
  };
};

/** A fresh service account in a fresh project, with its first key. */
export const mintCredential = async (): Promise<GoogleCredential> => {
  const projectId = `squall-serving-${randomHex(6)}`;
  return mintKey(projectId, `predictor@${projectId}.iam.gserviceaccount.com`);
};

/**
 * The credential as the JSON key file that Google hands out and its libraries read.
 * @param tokenUri where the library fetches access tokens; libraries that ignore it are listed in README.md
 */
export const toKeyFile = (credential: GoogleCredential, tokenUri = 'https://oauth2.googleapis.com/token') => ({
  type: 'service_account',
  project_id: credential.projectId,
  private_key_id: credential.privateKeyId,
  private_key: credential.privateKeyPem,
  client_email: credential.clientEmail,
  client_id: stableDigits(credential.clientEmail, 21),
  token_uri: tokenUri,
  universe_domain: 'googleapis.com',
});
