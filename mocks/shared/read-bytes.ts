/**
 * Reads a request's body, and stops at the limit rather than hold whatever a caller cares to send.
 * @param limitBytes largest body that is read, bytes
 * @returns null when the body is larger
 */
export const readBytes = async (request: Request, limitBytes: number): Promise<Uint8Array | null> => {
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) return null;
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
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
