import { s3Error } from './answers.ts';

/** Smallest chunk but the last, bytes (S3 API reference, "Transferring payload in multiple chunks", read November 2026). */
const MIN_CHUNK_BYTES = 8192;

const CR = 13;
const LF = 10;
const TRAILER_SIGNATURE = 'x-amz-trailer-signature';
const decoder = new TextDecoder();

export interface Chunk {
  readonly bytes: Uint8Array;
  /** Empty where chunks are not signed. */
  readonly signature: string;
}

/** By name in lower case; of several of a name the last. */
export type Trailers = ReadonlyMap<string, string>;

/** A body in encoding `aws-chunked`, taken apart. */
export interface ChunkedBody {
  /** The last is empty. */
  readonly chunks: readonly Chunk[];
  readonly trailers: Trailers;
  /** Of the trailers; null where they have none. */
  readonly trailerSignature: string | null;
  readonly content: Uint8Array;
}

/** Shorter than it said, or not of the form. */
export const incompleteBody = () => s3Error('IncompleteBody', 400, 'The request body terminated unexpectedly');

/** @throws {AwsError} `IncompleteBody` where there is no end of a line */
const lineAt = (body: Uint8Array, offset: number): { readonly text: string; readonly next: number } => {
  const end = body.indexOf(CR, offset);
  if (end === -1 || body[end + 1] !== LF) throw incompleteBody();
  return { text: decoder.decode(body.subarray(offset, end)), next: end + 2 };
};

const SIGNED_HEAD = /^([0-9a-f]{1,8}) *; *chunk-signature *= *([^\s;]+) *$/i;
const UNSIGNED_HEAD = /^([0-9a-f]{1,8}) *$/i;

/** Lines up to one that is empty, or the body's end. What follows nobody reads. */
const readTrailers = (body: Uint8Array, from: number): ReadonlyMap<string, string> => {
  const lines = new Map<string, string>();
  let offset = from;
  while (offset < body.length) {
    const { text, next } = lineAt(body, offset);
    if (text === '') break;
    const colon = text.indexOf(':');
    lines.set(
      text
        .slice(0, colon === -1 ? text.length : colon)
        .trim()
        .toLowerCase(),
      colon === -1 ? '' : text.slice(colon + 1).trim(),
    );
    offset = next;
  }
  return lines;
};

const join = (chunks: readonly Chunk[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of chunks) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
};

/**
 * @param isSigned whether each chunk has a signature
 * @throws {AwsError} `IncompleteBody`; `InvalidChunkSizeError`
 */
export const readChunks = (body: Uint8Array, isSigned: boolean): ChunkedBody => {
  const chunks: Chunk[] = [];
  let offset = 0;
  for (;;) {
    const { text, next } = lineAt(body, offset);
    const [, size, signature = ''] = (isSigned ? SIGNED_HEAD : UNSIGNED_HEAD).exec(text) ?? [];
    if (size === undefined) throw incompleteBody();
    const end = next + Number.parseInt(size, 16);
    offset = end;
    chunks.push({ bytes: body.subarray(next, end), signature });
    if (end === next) break;
    if (body[end] !== CR || body[end + 1] !== LF) throw incompleteBody();
    offset = end + 2;
  }
  checkSizes(chunks);
  const trailers = new Map(readTrailers(body, offset));
  const trailerSignature = trailers.get(TRAILER_SIGNATURE) ?? null;
  if (isSigned) trailers.delete(TRAILER_SIGNATURE);
  return { chunks, trailers, trailerSignature, content: join(chunks) };
};

/** S3 names the chunk after the one that is too small, with 403. */
const checkSizes = (chunks: readonly Chunk[]): void => {
  const at = chunks.findIndex(({ bytes }, index) => bytes.length < MIN_CHUNK_BYTES && index < chunks.length - 2);
  if (at === -1) return;
  throw s3Error(
    'InvalidChunkSizeError',
    403,
    `Only the last chunk is allowed to have a size less than ${MIN_CHUNK_BYTES} bytes`,
    {
      Chunk: at + 2,
      BadChunkSize: chunks[at]?.bytes.length ?? 0,
    },
  );
};
