import { importAesKey } from '../../../mocks/shared/aes-gcm.ts';
import { contextText, type KeyContext, KeyError, type KeyService, type WrappedKey } from './key-service.ts';

/** How long data keys are kept in the clear, and for how much. */
export interface DataKeyBounds {
  /** A data key that the key service has not confirmed for so long is used no more, milliseconds. 0 keeps none. */
  readonly cacheMs: number;
  /** Objects that one data key encrypts, at most. 1 gives each a key of its own. */
  readonly usesPerKey: number;
}

/** A data key, ready for use. */
export interface ReadyKey {
  readonly key: CryptoKey;
  readonly wrapped: WrappedKey;
}

/** Data keys of a key service, kept within bounds. */
export interface DataKeys {
  /** One to encrypt with. @throws {KeyError} */
  toSeal(context: KeyContext, signal: AbortSignal): Promise<ReadyKey>;
  /**
   * The one that an envelope names. Once it is half as old as it may get, the service is asked again: what it refuses is forgotten at once, and
   * what it can't be asked about stays until it is too old.
   * @throws {KeyError}
   */
  toOpen(wrapped: WrappedKey, context: KeyContext, signal: AbortSignal): Promise<CryptoKey>;
}

interface Held {
  readonly key: CryptoKey;
  /** By `performance.now()`. */
  readonly confirmedAtMs: number;
}

interface Sealing extends ReadyKey {
  readonly madeAtMs: number;
  uses: number;
}

/** Data keys that are kept to open by; past it the one that was looked up longest ago is forgotten. */
const MAX_HELD = 1000;
/** From one question that could not be asked to the next about the same key, milliseconds. */
const ASK_AGAIN_MS = 250;

export const createDataKeys = (service: KeyService, { cacheMs, usesPerKey }: DataKeyBounds): DataKeys => {
  const held = new Map<string, Held>();
  const sealing = new Map<string, Sealing>();
  const asking = new Map<string, Promise<CryptoKey>>();
  const failedAtMs = new Map<string, number>();

  const remember = (name: string, key: CryptoKey): void => {
    failedAtMs.delete(name);
    if (cacheMs === 0) return;
    held.delete(name);
    held.set(name, { key, confirmedAtMs: performance.now() });
    const [oldest] = held.keys();
    if (held.size > MAX_HELD && oldest !== undefined) held.delete(oldest);
  };

  const forget = (name: string, { wrapped }: WrappedKey): void => {
    held.delete(name);
    for (const [context, one] of sealing) if (one.wrapped.wrapped === wrapped) sealing.delete(context);
  };

  const ask = async (name: string, wrapped: WrappedKey, context: KeyContext, signal: AbortSignal): Promise<CryptoKey> => {
    try {
      const key = await importAesKey(await service.unwrap(wrapped, context, signal));
      remember(name, key);
      return key;
    } catch (error) {
      if (error instanceof KeyError && error.kind === 'refused') forget(name, wrapped);
      else failedAtMs.set(name, performance.now());
      throw error;
    } finally {
      asking.delete(name);
    }
  };

  /** Questions about the same key at the same time are one. */
  const askOnce = (name: string, wrapped: WrappedKey, context: KeyContext, signal: AbortSignal): Promise<CryptoKey> => {
    const under = asking.get(name) ?? ask(name, wrapped, context, signal);
    asking.set(name, under);
    return under;
  };

  const ageOf = ({ confirmedAtMs }: Held): number => performance.now() - confirmedAtMs;

  return {
    async toSeal(context, signal) {
      const name = contextText(context);
      const known = sealing.get(name);
      if (known && known.uses < usesPerKey && performance.now() - known.madeAtMs < cacheMs) {
        known.uses += 1;
        return known;
      }
      sealing.delete(name);
      const { plaintext, wrapped } = await service.generateDataKey(context, signal);
      const made: Sealing = { key: await importAesKey(plaintext), wrapped, madeAtMs: performance.now(), uses: 1 };
      plaintext.fill(0);
      sealing.set(name, made);
      return made;
    },
    async toOpen(wrapped, context, signal) {
      const name = `${contextText(context)} ${JSON.stringify(wrapped)}`;
      const known = held.get(name);
      if (known && ageOf(known) < cacheMs / 2) return known.key;
      const hasJustFailed = performance.now() - (failedAtMs.get(name) ?? Number.NEGATIVE_INFINITY) < ASK_AGAIN_MS;
      if (known && hasJustFailed && ageOf(known) < cacheMs) return known.key;
      try {
        return await askOnce(name, wrapped, context, signal);
      } catch (error) {
        const still = held.get(name);
        if (still && ageOf(still) < cacheMs) return still.key;
        held.delete(name);
        throw error;
      }
    },
  };
};
