import { frontEndError } from '../errors.ts';
import type { Protocol } from './protocol.ts';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

const decoder = new TextDecoder();

/** Times are seconds since the epoch, with milliseconds, as the protocol has them. */
const epochSeconds = function (this: Record<string, unknown>, name: string, value: unknown): unknown {
  const original = this[name];
  return original instanceof Date ? original.getTime() / 1000 : value;
};

/**
 * AWS JSON 1.1: the operation in `X-Amz-Target`, input and output JSON, an error's name in `__type`.
 * As smithy.io/2.0/aws/protocols has it (aws-json-1_1-protocol), and the SDKs read and write it.
 * @param target what stands before the operation's name, e.g. `SageMaker`
 */
export const jsonProtocol = (target: string): Protocol => ({
  operationOf({ method, url, headers }) {
    const [prefix, operation = ''] = (headers.get('x-amz-target') ?? '').split('.');
    return method === 'POST' && new URL(url).pathname === '/' && prefix === target ? operation : '';
  },
  inputOf({ headers }, body) {
    if ((headers.get('content-type') ?? '').split(';')[0] !== CONTENT_TYPE) {
      throw frontEndError('SerializationException', `The content type must be ${CONTENT_TYPE}.`, 400);
    }
    try {
      const input: unknown = JSON.parse(decoder.decode(body));
      if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
    } catch {
      // Answered below, as JSON of another shape is.
    }
    throw frontEndError('SerializationException', 'The request body is not a JSON object.', 400);
  },
  respond: (_operation, output) =>
    new Response(output === undefined ? '{}' : JSON.stringify(output, epochSeconds), {
      headers: { 'content-type': CONTENT_TYPE },
    }),
  fail: ({ code, status, members }) =>
    new Response(JSON.stringify({ __type: code ?? undefined, ...members }), {
      status: status >= 500 || status === 413 ? status : 400,
      headers: { 'content-type': CONTENT_TYPE },
    }),
});
