import { readBytes } from '../../mocks/shared/read-bytes.ts';

/** One for all: it keeps nothing between whole texts. */
const decoder = new TextDecoder();

/** HTTP holds a sender to the length that it gives. Of a body that is compressed or chunked, the length says nothing. */
const isLengthKept = (headers: Headers): boolean =>
  headers.has('content-length') && !headers.has('content-encoding') && !headers.has('transfer-encoding');

/**
 * Reads the body of a request or an answer as UTF-8, and stops at the limit.
 * @param limitBytes largest body that is read, bytes
 * @returns null when the body is larger
 */
export const readText = async (message: Request | Response, limitBytes: number): Promise<string | null> => {
  const { headers } = message;
  // As a whole: a stream takes longer to make and to read than all else that is done for a request.
  if (isLengthKept(headers)) return Number(headers.get('content-length')) > limitBytes ? null : message.text();
  const bytes = await readBytes(message, limitBytes);
  return bytes && decoder.decode(bytes);
};
