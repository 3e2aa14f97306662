/**
 * Reads the body of a request or an answer, and stops at the limit rather than hold whatever the other side cares to send.
 * @param limitBytes largest body that is read, bytes
 * @returns null when the body is larger
 */
export const readBytes = async (
  message: Pick<Request | Response, 'headers' | 'body'>,
  limitBytes: number,
): Promise<Uint8Array | null> => {
  if (Number(message.headers.get('content-length') ?? 0) > limitBytes) return null;
  if (!message.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of message.body) {
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
