import { IV_BYTES, open, seal, TAG_BYTES } from '../../../mocks/shared/aes-gcm.ts';
import { createDataKeys, type DataKeyBounds } from './data-keys.ts';
import { type Binding, EnvelopeRefused, readHeader, writeHeader } from './header.ts';
import type { KeyContext, KeyService } from './key-service.ts';

/** Something out of an envelope. */
export interface Opened {
  readonly plaintext: Uint8Array;
  /**
   * Whether its data key may still be used: who keeps what was in an envelope asks from time to time, and drops it when this throws.
   * @throws {KeyError} or the signal's reason
   */
  confirm(signal: AbortSignal): Promise<void>;
}

/**
 * Envelopes: each object is encrypted by AES-256-GCM with a data key, which lies beside it as only the key service can read it.
 *
 * Form: `SQE1`, length of the header, header (JSON), seal of the header (start value and tag over it), sealed object (start value, ciphertext, tag).
 * The object's tag covers what it is bound to; the header's covers every byte before it. So a new wrapping of the data key leaves the object as it is.
 */
export interface Envelope {
  /** @throws {KeyError} */
  seal(plaintext: Uint8Array, binding: Binding, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * @param binding what it has to be: another one's envelope is refused
   * @throws {EnvelopeRefused} where any byte is another one
   * @throws {KeyError}
   */
  open(envelope: Uint8Array, binding: Binding, signal: AbortSignal): Promise<Opened>;
  /** The same with its data key under the newest version of the service's key. @throws as `open` */
  rewrap(envelope: Uint8Array, binding: Binding, signal: AbortSignal): Promise<Uint8Array>;
}

/** Bytes of the seal of a header. */
const HEADER_SEAL_BYTES = IV_BYTES + TAG_BYTES;

const NOTHING = new Uint8Array();
const encoder = new TextEncoder();

/** What the object's tag covers. */
const bindingBytes = ({ name, version, tenant }: Binding): Uint8Array =>
  encoder.encode(JSON.stringify(['squall envelope 1', name, version, tenant]));

/** What the key service binds a data key to: several objects of a tenant may share one. */
const contextOf = ({ tenant }: Binding): KeyContext => ({ application: 'squall', tenant });

const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const isSame = (one: Binding, other: Binding): boolean =>
  one.name === other.name && one.version === other.version && one.tenant === other.tenant;

/**
 * Start values are random: of one data key 2^32 may be drawn (NIST SP 800-38D, November 2007, 8.3). An object takes two, and each new wrapping one;
 * `usesPerKey` keeps far below that.
 * @param bounds of the data keys that are kept
 */
export const createEnvelope = (service: KeyService, bounds: DataKeyBounds): Envelope => {
  const keys = createDataKeys(service, bounds);

  /** An envelope whose header has been found right. @throws {EnvelopeRefused} @throws {KeyError} */
  const enter = async (envelope: Uint8Array, binding: Binding, signal: AbortSignal) => {
    const { header, head, rest } = readHeader(envelope);
    if (!isSame(header.binding, binding)) {
      throw new EnvelopeRefused(`The envelope is of another object than ${binding.name}, version ${binding.version}.`);
    }
    const key = await keys.toOpen(header.key, contextOf(binding), signal);
    const isRight = await open(key, rest.subarray(0, HEADER_SEAL_BYTES), head);
    if (isRight?.length !== 0) throw new EnvelopeRefused('The header was changed.');
    return { header, key, sealed: rest.subarray(HEADER_SEAL_BYTES) };
  };

  return {
    async seal(plaintext, binding, signal) {
      const { key, wrapped } = await keys.toSeal(contextOf(binding), signal);
      const head = writeHeader({ algorithm: 'A256GCM', binding, key: wrapped });
      return concat(head, await seal(key, NOTHING, head), await seal(key, plaintext, bindingBytes(binding)));
    },
    async open(envelope, binding, signal) {
      const { header, key, sealed } = await enter(envelope, binding, signal);
      const plaintext = await open(key, sealed, bindingBytes(binding));
      if (!plaintext) throw new EnvelopeRefused('The ciphertext was changed.');
      return {
        plaintext,
        async confirm(again) {
          await keys.toOpen(header.key, contextOf(binding), again);
        },
      };
    },
    async rewrap(envelope, binding, signal) {
      const { header, key, sealed } = await enter(envelope, binding, signal);
      const head = writeHeader({ ...header, key: await service.rewrap(header.key, contextOf(binding), signal) });
      return concat(head, await seal(key, NOTHING, head), sealed);
    },
  };
};
