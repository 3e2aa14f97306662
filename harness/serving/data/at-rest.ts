import type { Envelope } from '../encryption/envelope.ts';

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

/** In envelopes, each chunk bound to its name: what a design with `encryption` has. Data keys are cached by the envelope, within its bounds. */
export const envelopesAtRest = (envelope: Envelope): AtRest => {
  const bindingOf = (name: string) => ({ name: `dataset chunk ${name}`, version: '1', tenant: '' });
  // Calls of key services have time-outs of their own.
  const signal = new AbortController().signal;
  return {
    seal: (plain, name) => envelope.seal(plain, bindingOf(name), signal),
    open: async (stored, name) => (await envelope.open(stored, bindingOf(name), signal)).plaintext,
  };
};

/** As they are. */
export const plainAtRest: AtRest = { seal: async (plain) => plain, open: async (stored) => stored };
