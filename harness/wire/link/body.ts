import type { IncomingMessage } from 'node:http';
import { BodyTooLarge } from './limits.ts';

/** Bodies up to this length, and announced so, are read whole before they go on: one write towards the provider instead of two. */
const SMALL_BODY_BYTES = 64 * 1024;

const announcedBytes = (request: IncomingMessage): number | undefined => {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
};

/** Whether the request has a body at all (RFC 9112, section 6.3). */
export const hasBody = (request: IncomingMessage): boolean =>
  request.headers['transfer-encoding'] !== undefined || (announcedBytes(request) ?? 0) > 0;

/** @returns true when the body is announced to be short enough to be read whole */
export const isSmallBody = (request: IncomingMessage): boolean =>
  (announcedBytes(request) ?? Number.POSITIVE_INFINITY) <= SMALL_BODY_BYTES;

/**
 * The body, chunk by chunk as it comes.
 * @throws {BodyTooLarge} as soon as more has come, or is announced, than the limit
 */
export const streamBody = (request: IncomingMessage, maxBodyBytes: number): AsyncIterable<Buffer> => {
  if ((announcedBytes(request) ?? 0) > maxBodyBytes) throw new BodyTooLarge(maxBodyBytes);
  return limitedBody(request, maxBodyBytes);
};

async function* limitedBody(request: IncomingMessage, maxBodyBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  // The connection outlives the body: the iterator must not destroy it, so that a 413 can still be written.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxBodyBytes) throw new BodyTooLarge(maxBodyBytes);
    yield chunk as Buffer;
  }
}

/**
 * The whole body.
 * @throws {BodyTooLarge} as soon as more has come, or is announced, than the limit
 */
export const readBody = async (request: IncomingMessage, maxBodyBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of streamBody(request, maxBodyBytes)) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
};
