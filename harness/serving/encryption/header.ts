import { z } from 'zod';
import type { WrappedKey } from './key-service.ts';

/** What an envelope holds: of another name, version or tenant it does not open. */
export interface Binding {
  /** E.g. `model digits-small` or `dataset readings`. */
  readonly name: string;
  readonly version: string;
  /** Empty for what belongs to no tenant. */
  readonly tenant: string;
}

/** What stands in the clear before a ciphertext. All of it is authenticated by the data key. */
export interface EnvelopeHeader {
  readonly algorithm: 'A256GCM';
  readonly binding: Binding;
  readonly key: WrappedKey;
}

/** The bytes are no envelope, were changed, or are of something else. What exactly is not told. */
export class EnvelopeRefused extends Error {
  override readonly name = 'EnvelopeRefused';

  constructor(message: string) {
    super(message);
  }
}

/** `SQE1`: name and version of the form. */
const MAGIC = Uint8Array.of(0x53, 0x51, 0x45, 0x31);
const LENGTH_BYTES = 4;
/** A wrapped key has at most a few kB. */
const MAX_HEADER_BYTES = 16 * 1024;

const short = z.string().max(1024);
const shape = z.strictObject({
  algorithm: z.literal('A256GCM'),
  binding: z.strictObject({ name: short, version: short, tenant: short }),
  key: z.strictObject({ cloud: short, keyId: short, wrapped: z.base64().min(1) }),
});

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A header's bytes, with the form's name and their length before them: always the same for the same header. */
export const writeHeader = ({ algorithm, binding, key }: EnvelopeHeader): Uint8Array<ArrayBuffer> => {
  const { name, version, tenant } = binding;
  const { cloud, keyId, wrapped } = key;
  const json = encoder.encode(JSON.stringify({ algorithm, binding: { name, version, tenant }, key: { cloud, keyId, wrapped } }));
  if (json.length > MAX_HEADER_BYTES) throw new RangeError(`a header has ${json.length} bytes; ${MAX_HEADER_BYTES} is the most`);
  const bytes = new Uint8Array(MAGIC.length + LENGTH_BYTES + json.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, json.length);
  bytes.set(json, MAGIC.length + LENGTH_BYTES);
  return bytes;
};

/** Whether bytes begin as an envelope does: what is at rest in the clear does not. */
export const isEnvelope = (bytes: Uint8Array): boolean => MAGIC.every((byte, at) => bytes[at] === byte);

const parsed = (bytes: Uint8Array): EnvelopeHeader | undefined => {
  try {
    return shape.safeParse(JSON.parse(decoder.decode(bytes))).data;
  } catch {
    return undefined;
  }
};

/**
 * Reads the header, and takes no other way to write it than `writeHeader`'s.
 * @returns it, its bytes and what comes after them
 * @throws {EnvelopeRefused}
 */
export const readHeader = (
  bytes: Uint8Array,
): { readonly header: EnvelopeHeader; readonly head: Uint8Array; readonly rest: Uint8Array } => {
  const start = MAGIC.length + LENGTH_BYTES;
  if (bytes.length < start || !isEnvelope(bytes)) throw new EnvelopeRefused('The bytes are no envelope.');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length);
  if (length > MAX_HEADER_BYTES || bytes.length < start + length) throw new EnvelopeRefused('The envelope has no whole header.');
  const head = bytes.subarray(0, start + length);
  const header = parsed(bytes.subarray(start, start + length));
  const isAsWritten = header !== undefined && writeHeader(header).every((byte, at) => byte === head[at]);
  if (!isAsWritten) throw new EnvelopeRefused('The header is none of an envelope.');
  return { header, head, rest: bytes.subarray(start + length) };
};
