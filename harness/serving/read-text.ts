import { isLengthKept, readBytes } from '../../mocks/shared/read-bytes.ts';

/** One for all: it keeps nothing between whole texts. */
const decoder = new TextDecoder();

const readCounted = async (message: Request | Response, limitBytes: number): Promise<string | null> => {
  const bytes = await readBytes(message, limitBytes);
  return bytes && decoder.decode(bytes);
};

/**
 * Reads the body of a request or an answer as UTF-8, and stops at the limit.
 * @param limitBytes largest body that is read, bytes
 * @returns null when the body is larger
 */
export const readText = (message: Request | Response, limitBytes: number): Promise<string | null> => {
  const { headers } = message;
  if (!isLengthKept(headers)) return readCounted(message, limitBytes);
  // As a whole: a stream takes longer to make and to read than all else that is done for a request.
  return Number(headers.get('content-length')) > limitBytes ? Promise.resolve(null) : message.text();
};
