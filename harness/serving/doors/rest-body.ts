import { readBytes } from '../../../mocks/shared/read-bytes.ts';
import { BadRequest, Refused } from '../errors.ts';
import { type InferRequest, OUTPUTS, parseInferRequest, type renderInferResponse } from '../open-inference.ts';
import { JSON_LENGTH_HEADER, jsonLengthOf } from '../open-inference-binary.ts';
import { readText } from '../read-text.ts';
import type { Answer } from '../serving.ts';
import { writeTensor } from '../tensor-bytes.ts';

/** A batch of 256 rows is about 100 kB. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/** Content codings that callers may pack a body with; HTTP's `deflate` is the zlib format, as the web platform's is. */
const CODINGS: readonly string[] = ['gzip', 'deflate'];

/** One for all: it keeps nothing between whole texts. */
const decoder = new TextDecoder();

/** The request with its body unpacked. @throws {BadRequest} for a coding that is not one of ours */
const unpacked = (request: Request, coding: string): Pick<Request, 'headers' | 'body' | 'bytes'> => {
  if (!CODINGS.includes(coding)) {
    throw new BadRequest(`content-encoding is ${JSON.stringify(coding)}; one of ${CODINGS.join(', ')}, or none, is expected.`);
  }
  if (!request.body) return request;
  const body = request.body.pipeThrough(new DecompressionStream(coding as CompressionFormat));
  // Its length is no longer the header's.
  return { headers: new Headers(), body, bytes: () => new Response(body).bytes() };
};

const within = <Body>(body: Body | null): Body => {
  if (body !== null) return body;
  throw new Refused('too-large', `The body is over ${BODY_LIMIT_BYTES} bytes.`);
};

/** @throws {BadRequest} when what is packed is not what the header says */
const readPacked = async (request: Request, coding: string): Promise<Uint8Array> => {
  const message = unpacked(request, coding);
  try {
    return within(await readBytes(message, BODY_LIMIT_BYTES));
  } catch (error) {
    if (error instanceof TypeError) throw new BadRequest(`The body is not ${coding}.`);
    throw error;
  }
};

/** Reads an inference request: JSON, or JSON with bytes behind it; packed or not. @throws {BadRequest | Refused} */
export const readInferRequest = async (request: Request): Promise<InferRequest> => {
  const { headers } = request;
  const coding = headers.get('content-encoding');
  const jsonLength = headers.get(JSON_LENGTH_HEADER);
  // Nearly all are plain JSON.
  if (coding === null && jsonLength === null) return parseInferRequest(within(await readText(request, BODY_LIMIT_BYTES)));
  const bytes = coding === null ? within(await readBytes(request, BODY_LIMIT_BYTES)) : await readPacked(request, coding);
  if (jsonLength === null) return parseInferRequest(decoder.decode(bytes));
  const end = jsonLengthOf(jsonLength, bytes.byteLength);
  return parseInferRequest(decoder.decode(bytes.subarray(0, end)), bytes.subarray(end));
};

/** The answer to a request: JSON, with bytes behind it where the caller asked for some. */
export const inferResponse = (
  rendered: ReturnType<typeof renderInferResponse>,
  { binaryOutputs }: InferRequest,
  { predictions }: Answer,
  headers: Record<string, string>,
): Response => {
  if (binaryOutputs.length === 0) return Response.json(rendered, { headers });
  const json = new TextEncoder().encode(JSON.stringify(rendered));
  const tensors = rendered.outputs
    .filter(({ name }) => binaryOutputs.includes(name))
    .map(({ name }) => writeTensor(OUTPUTS[name].datatype, OUTPUTS[name].read(predictions)));
  return new Response(new Blob([json, ...tensors]), {
    headers: { ...headers, 'content-type': 'application/octet-stream', [JSON_LENGTH_HEADER]: String(json.byteLength) },
  });
};
