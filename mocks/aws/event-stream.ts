/** One event of an answer that streams, e.g. `PayloadPart`. */
export interface StreamEvent {
  readonly type: string;
  readonly contentType: string;
  readonly payload: Uint8Array;
}

/** Value type 7 of the format: a string with a length of two bytes. */
const STRING_HEADER = 7;
/** Two lengths and their checksum. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

const utf8 = new TextEncoder();

/**
 * Encodes one event in AWS's binary event stream format: prelude (total length, headers length, CRC-32), headers, payload,
 * CRC-32 of all that came before. Numbers are big-endian.
 * As the Amazon Event Stream Specification has it (smithy.io/2.0/aws/amazon-eventstream.html), and the SDKs read it.
 */
export const encodeEvent = ({ type, contentType, payload }: StreamEvent): Uint8Array => {
  const headers = concat([
    encodeHeader(':message-type', 'event'),
    encodeHeader(':event-type', type),
    encodeHeader(':content-type', contentType),
  ]);
  const message = new Uint8Array(PRELUDE_BYTES + headers.length + payload.length + CHECKSUM_BYTES);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length);
  view.setUint32(4, headers.length);
  view.setUint32(8, crc32(message.subarray(0, 8)));
  message.set(headers, PRELUDE_BYTES);
  message.set(payload, PRELUDE_BYTES + headers.length);
  view.setUint32(message.length - CHECKSUM_BYTES, crc32(message.subarray(0, message.length - CHECKSUM_BYTES)));
  return message;
};

const encodeHeader = (name: string, value: string): Uint8Array => {
  const [nameBytes, valueBytes] = [utf8.encode(name), utf8.encode(value)];
  return concat([
    Uint8Array.of(nameBytes.length),
    nameBytes,
    Uint8Array.of(STRING_HEADER, valueBytes.length >> 8, valueBytes.length & 0xff),
    valueBytes,
  ]);
};

const concat = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};

/** CRC-32 of IEEE 802.3, reflected, as zlib has it. */
const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
};

/** Bytes of payload in one event: small enough that a batch's answer comes in several. */
const PART_BYTES = 1024;

/** A payload as a stream of `PayloadPart` events, each made when it is asked for. */
export const payloadStream = (bytes: Uint8Array): ReadableStream<Uint8Array> => {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) {
        controller.close();
        return;
      }
      const payload = bytes.subarray(offset, offset + PART_BYTES);
      controller.enqueue(encodeEvent({ type: 'PayloadPart', contentType: 'application/octet-stream', payload }));
      offset += PART_BYTES;
    },
  });
};
