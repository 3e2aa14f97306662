/** Session tokens of instance metadata, version 2. */
export interface MetadataTokens {
  /** @param ttlS seconds that it is good for */
  issue(ttlS: number): string;
  isGood(token: string): boolean;
}

const TOKEN_BYTES = 40;

/** Tokens beyond so many push out the oldest: who asks for one with each call must not fill the memory. */
const KEPT = 10_000;

/** @param generation when it goes up, all tokens so far are dead */
export const createMetadataTokens = (generation: () => number): MetadataTokens => {
  const tokens = new Map<string, { readonly endsAtMs: number; readonly generation: number }>();
  return {
    issue(ttlS) {
      const token = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))))
        .replaceAll('+', '-')
        .replaceAll('/', '_');
      tokens.set(token, { endsAtMs: Date.now() + ttlS * 1000, generation: generation() });
      const [oldest] = tokens.keys();
      if (tokens.size > KEPT && oldest !== undefined) tokens.delete(oldest);
      return token;
    },
    // Found by a hash of the whole token, not compared digit by digit: there is no time to measure.
    isGood(token) {
      const known = tokens.get(token);
      return known !== undefined && known.endsAtMs > Date.now() && known.generation === generation();
    },
  };
};
