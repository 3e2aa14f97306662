/** What a data key is bound to at the key service; the same words are needed to get it back. */
export type KeyContext = Readonly<Record<string, string>>;

/** A data key as only its key service can read it. */
export interface WrappedKey {
  /** Cloud whose key service wrapped it. */
  readonly cloud: string;
  /** The key that wrapped it, with its version where the service names one. */
  readonly keyId: string;
  /** Base64. */
  readonly wrapped: string;
}

/** A fresh data key in both of its forms. */
export interface DataKey {
  /** 32 bytes. Secret. */
  readonly plaintext: Uint8Array;
  readonly wrapped: WrappedKey;
}

/**
 * Why there is no data key.
 * - `refused`: the service said no, and would say it again: the key is disabled, the caller has no permission, it is no wrapped key of its own
 * - `unavailable`: the service could not be asked
 */
export type KeyErrorKind = 'refused' | 'unavailable';

/** A key service gave no data key. The message holds no secret. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly kind: KeyErrorKind;

  constructor(kind: KeyErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** A cloud's key service, as envelopes need it. Every call throws a `KeyError`, or the signal's reason when that aborts. */
export interface KeyService {
  generateDataKey(context: KeyContext, signal: AbortSignal): Promise<DataKey>;
  /** @returns the data key's 32 bytes */
  unwrap(wrapped: WrappedKey, context: KeyContext, signal: AbortSignal): Promise<Uint8Array>;
  /** The same data key under the newest version of the service's key. */
  rewrap(wrapped: WrappedKey, context: KeyContext, signal: AbortSignal): Promise<WrappedKey>;
}

/** Which key of a key service is used, and how. */
export interface KeyChoice {
  /** An alias (AWS), a key in a ring of the same name (Google), a key (Azure). */
  readonly keyName: string;
  /** By which version a data key is unwrapped, where the caller has to say: the one that wrapped it, or the newest. */
  readonly keyVersion: 'own' | 'newest';
}

/** A context in one order, so that the same words are the same bytes. */
export const contextText = (context: KeyContext): string =>
  JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
