/** Bytes in the standard alphabet of base64, with padding. */
export const toBase64 = (bytes: Uint8Array): string => {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
};

/** @returns null for what is not exactly how `toBase64` writes some bytes: of several ways to write the same ones only one is taken */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | null => {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return toBase64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
};

/** As JSON Web Key and its kin write bytes: the alphabet that is safe in URLs, without padding (RFC 7515, section 2). */
export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** @returns null for what `toBase64Url` would not write */
export const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> | null => {
  const padded = text.replaceAll('-', '+').replaceAll('_', '/') + '='.repeat((4 - (text.length % 4)) % 4);
  const bytes = /^[\w-]*$/.test(text) ? fromBase64(padded) : null;
  return bytes;
};
