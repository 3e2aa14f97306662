/** Finds the place in a body after which a fault acts. */
export interface Mark {
  /** The place is at the very start. */
  readonly isAtStart: boolean;
  /** How many of these next bytes come before the place; all of them and one more while it is not reached. */
  offsetIn(bytes: Buffer): number;
}

export interface MarkSettings {
  readonly afterBytes?: number | undefined;
  readonly afterEvents?: number | undefined;
  readonly afterMessages?: number | undefined;
}

export const createMark = ({ afterBytes = 0, afterEvents = 0, afterMessages = 0 }: MarkSettings): Mark => {
  if (afterEvents > 0) return { isAtStart: false, offsetIn: countEvents(afterEvents) };
  if (afterMessages > 0) return { isAtStart: false, offsetIn: countMessages(afterMessages) };
  let left = afterBytes;
  return {
    isAtStart: afterBytes === 0,
    offsetIn(bytes) {
      const offset = Math.min(left, bytes.length + 1);
      // Exactly at the end of these bytes is reached: what comes next is already after it.
      left -= Math.min(left, bytes.length);
      return offset;
    },
  };
};

const CR = 0x0d;
const LF = 0x0a;

/** Server-sent events end with an empty line; lines end with LF, CR or CRLF (HTML standard, 9.2.5). */
const countEvents = (wanted: number): Mark['offsetIn'] => {
  let left = wanted;
  let isLineEmpty = true;
  let hasFields = false;
  let wasCr = false;
  return (bytes) => {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      const isPairEnd = byte === LF && wasCr;
      wasCr = byte === CR;
      if (isPairEnd) continue;
      if (byte !== CR && byte !== LF) {
        isLineEmpty = false;
        continue;
      }
      if (isLineEmpty && hasFields) {
        hasFields = false;
        left -= 1;
        // An LF that belongs to the CR goes with the event, where it has come already.
        if (left === 0) return at + (byte === CR && bytes[at + 1] === LF ? 2 : 1);
      } else if (!isLineEmpty) hasFields = true;
      isLineEmpty = true;
    }
    return bytes.length + 1;
  };
};

/** Compressed or not, and the length of what follows, big-endian (gRPC over HTTP/2, Length-Prefixed-Message). */
const PREFIX_BYTES = 5;

const countMessages = (wanted: number): Mark['offsetIn'] => {
  let left = wanted;
  const prefix = Buffer.alloc(PREFIX_BYTES);
  let prefixBytes = 0;
  let payloadLeft = 0;
  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      if (prefixBytes < PREFIX_BYTES) {
        const taken = bytes.copy(prefix, prefixBytes, at, at + PREFIX_BYTES - prefixBytes);
        prefixBytes += taken;
        at += taken;
        if (prefixBytes < PREFIX_BYTES) break;
        payloadLeft = prefix.readUInt32BE(1);
      }
      const taken = Math.min(payloadLeft, bytes.length - at);
      payloadLeft -= taken;
      at += taken;
      if (payloadLeft > 0) break;
      prefixBytes = 0;
      left -= 1;
      if (left === 0) return at;
    }
    return bytes.length + 1;
  };
};
