/**
 * How a dataset's bytes lie in the store: the seam for encryption at rest. `aad` binds bytes to their place, so that those of one dataset
 * are not taken for another's.
 */
export interface AtRest {
  /** What is written for these bytes. */
  seal(plain: Uint8Array, aad: string): Promise<Uint8Array>;
  /** Rejects for bytes that were changed, or whose key cannot be had: nothing is read then. */
  open(stored: Uint8Array, aad: string): Promise<Uint8Array>;
}

/** As they are. */
export const plainAtRest: AtRest = { seal: async (plain) => plain, open: async (stored) => stored };
