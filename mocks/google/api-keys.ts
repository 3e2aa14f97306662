import { base64url } from 'jose';
import type { CredentialStore } from '../shared/credential-store.ts';
import type { GoogleCredential } from './credential.ts';
import { badRequest, errorInfo, errorResponse } from './errors.ts';

/** The project's API key: it comes and goes with the key of the service account. */
export interface ApiKeys {
  readonly published: string;
  isActive(key: string): boolean;
}

/** `AIza` and 35 characters, as Google's are. */
const mint = (): string => `AIza${base64url.encode(crypto.getRandomValues(new Uint8Array(27))).slice(0, 35)}`;

/** In a time that the characters have no part in. */
const isSame = (given: string, known: string): boolean => {
  let difference = given.length ^ known.length;
  for (let at = 0; at < known.length; at += 1) difference |= (given.charCodeAt(at) || 0) ^ known.charCodeAt(at);
  return difference === 0;
};

export const createApiKeys = (credentials: CredentialStore<GoogleCredential>): ApiKeys => {
  const keys = new WeakMap<GoogleCredential, string>();
  const keyOf = (credential: GoogleCredential): string => {
    const key = keys.get(credential) ?? mint();
    keys.set(credential, key);
    return key;
  };
  return {
    get published() {
      return keyOf(credentials.published);
    },
    isActive: (key) => credentials.active !== null && isSame(key, keyOf(credentials.active)),
  };
};

/** The key that a request shows, in either of its places. */
export const apiKeyOf = (request: Request): string | null =>
  request.headers.get('x-goog-api-key') ?? new URL(request.url).searchParams.get('key');

/** @param service e.g. `vision.googleapis.com` */
export const invalidApiKey = (service: string): Response =>
  errorResponse('INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
    errorInfo('API_KEY_INVALID', 'googleapis.com', { service }),
    badRequest('API key not valid. Please pass a valid API key.', 'key'),
  ]);
