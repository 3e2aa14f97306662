type Message = Pick<Request | Response, 'headers' | 'body' | 'bytes'>;

/**
 * Whether what is read is as long as the header says: whoever takes a message off a wire holds its sender to it. Not where the
 * body is chunked, nor where it is compressed, for a client unpacks it.
 */
export const isLengthKept = (headers: Headers): boolean =>
  headers.has('content-length') && !headers.has('transfer-encoding') && !headers.has('content-encoding');

/**
 * Reads the body of a request or an answer, and stops at the limit rather than hold whatever the other side cares to send.
 * @param limitBytes largest body that is read, bytes
 * @returns null when the body is larger
 */
export const readBytes = async (message: Message, limitBytes: number): Promise<Uint8Array | null> => {
  const { headers } = message;
  if (Number(headers.get('content-length') ?? 0) > limitBytes) return null;
  if (isLengthKept(headers)) {
    // Without a stream, which takes longer to make than the bytes to read.
    const bytes = await message.bytes();
    return bytes.byteLength > limitBytes ? null : bytes;
  }
  return message.body ? readStream(message.body, limitBytes) : new Uint8Array();
};

const readStream = async (stream: ReadableStream<Uint8Array>, limitBytes: number): Promise<Uint8Array | null> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.byteLength;
    if (length > limitBytes) return null;
    chunks.push(chunk);
  }
  const [first] = chunks;
  if (chunks.length === 1 && first) return first;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
};
