/** A frame's head (RFC 6455, section 5.2). */
export interface FrameHead {
  readonly opcode: number;
  /** The last frame of its message. */
  readonly isFinal: boolean;
}

export const CLOSE_OPCODE = 8;

/** Ping, pong and close: they come between the frames of a message, and are none themselves. */
export const isControl = ({ opcode }: FrameHead): boolean => opcode >= CLOSE_OPCODE;

export interface FrameHandler {
  /** Part of a frame, head included. @param isEnd the last of it */
  onPart(frame: FrameHead, bytes: Buffer, isEnd: boolean): void;
}

/** Takes a direction of a WebSocket apart into frames; payloads stay as they are, masked and compressed. */
export interface FrameReader {
  feed(bytes: Buffer): void;
  /** Whole frames have come, and nothing of the next. */
  readonly isBetweenFrames: boolean;
}

const EMPTY = Buffer.alloc(0);
const MASK_BYTES = 4;

interface Measured {
  readonly frame: FrameHead;
  readonly bytes: number;
}

/** Undefined while the head has not come whole. */
const measure = (bytes: Buffer): Measured | undefined => {
  if (bytes.length < 2) return undefined;
  const frame = { opcode: bytes[0]! & 0x0f, isFinal: (bytes[0]! & 0x80) !== 0 };
  const maskBytes = bytes[1]! & 0x80 ? MASK_BYTES : 0;
  const short = bytes[1]! & 0x7f;
  if (short < 126) return { frame, bytes: 2 + maskBytes + short };
  const lengthBytes = short === 126 ? 2 : 8;
  if (bytes.length < 2 + lengthBytes) return undefined;
  const payload = short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { frame, bytes: 2 + lengthBytes + maskBytes + payload };
};

export const createFrameReader = ({ onPart }: FrameHandler): FrameReader => {
  let rest: Buffer = EMPTY;
  let frame: FrameHead | undefined;
  let left = 0;
  return {
    feed(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      while (rest.length > 0) {
        if (!frame) {
          const measured = measure(rest);
          if (!measured) return;
          frame = measured.frame;
          left = measured.bytes;
        }
        const part = rest.subarray(0, left);
        const ofFrame = frame;
        left -= part.length;
        rest = rest.subarray(part.length);
        if (left === 0) frame = undefined;
        onPart(ofFrame, part, left === 0);
      }
    },
    get isBetweenFrames() {
      return rest.length === 0 && !frame;
    },
  };
};

/** A close frame. @param isMasked as a client's must be */
export const closeFrame = (code: number, reason: string, isMasked: boolean): Buffer => {
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
  // A mask of zeros leaves the payload as it is.
  const mask = isMasked ? Buffer.alloc(MASK_BYTES) : EMPTY;
  return Buffer.concat([Buffer.from([0x80 | CLOSE_OPCODE, (isMasked ? 0x80 : 0) | payload.length]), mask, payload]);
};
