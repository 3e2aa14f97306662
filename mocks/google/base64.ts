/** Bytes as the JSON of Google's APIs spells them: written in the standard alphabet, read in either (ProtoJSON). */
export const base64 = {
  encode(bytes: Uint8Array): string {
    let binary = '';
    for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(binary);
  },
  /** Null for text that is not base64. */
  decode(text: string): Uint8Array | null {
    try {
      return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    } catch {
      return null;
    }
  },
};
