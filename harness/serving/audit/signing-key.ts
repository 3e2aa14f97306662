import type { Journal } from './journal.ts';

const ED25519 = { name: 'Ed25519' } as const;

/** What checkpoints are signed with. */
export interface SigningKey {
  /** The public key: `x` of a JSON Web Key of Ed25519 (RFC 8037), base64url. */
  readonly publicKey: string;
  /** @returns base64url */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
}

export const toBase64url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

/** @returns null for what is no base64url, or not the one way to write its bytes */
const fromBase64url = (text: string): Uint8Array<ArrayBuffer> | null => {
  if (!/^[\w-]*$/.test(text)) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    return toBase64url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
};

/**
 * The key of a log: made when the log is begun, and kept beside it. In a real deployment it belongs into a service that signs and does not give
 * it away; what verifies a log needs the public half alone.
 */
export const openSigningKey = async (journal: Journal): Promise<SigningKey> => {
  const [kept] = await journal.read();
  let jwk = kept === undefined ? undefined : (JSON.parse(kept) as JsonWebKey);
  if (!jwk) {
    // PKCS #8 of Ed25519 (RFC 8410, section 7) before 32 random bytes.
    const head = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    const pkcs8 = Uint8Array.from([...head, ...crypto.getRandomValues(new Uint8Array(32))]);
    const made = await crypto.subtle.importKey('pkcs8', pkcs8, ED25519, true, ['sign']);
    jwk = await crypto.subtle.exportKey('jwk', made);
    await journal.append([JSON.stringify(jwk)]);
  }
  const key = await crypto.subtle.importKey('jwk', jwk, ED25519, false, ['sign']);
  return {
    publicKey: jwk.x!,
    sign: async (bytes) => toBase64url(new Uint8Array(await crypto.subtle.sign(ED25519, key, bytes))),
  };
};

/** Whether the signature is of these bytes, by that public key; false as well for what is no key or signature at all. */
export const isSignedBy = async (publicKey: string, signature: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> => {
  const signed = fromBase64url(signature);
  if (!signed || fromBase64url(publicKey)?.length !== 32) return false;
  try {
    const key = await crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x: publicKey }, ED25519, false, ['verify']);
    return await crypto.subtle.verify(ED25519, key, signed, bytes);
  } catch {
    return false;
  }
};
