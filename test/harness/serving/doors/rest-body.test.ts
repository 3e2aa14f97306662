import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readInferRequest } from '../../../../harness/serving/doors/rest-body.ts';

const json = (more: object = {}, ofInput: object = { parameters: { binary_data_size: 256 } }) =>
  JSON.stringify({ inputs: [{ name: 'pixels', shape: [1, 64], datatype: 'FP32', ...ofInput }], ...more });

const ROW = Array.from({ length: 64 }, (_, at) => at / 4);
const ROW_BYTES = Buffer.from(new Float32Array(ROW).buffer);

const request = (body: Buffer, headers: Record<string, string>) =>
  new Request('http://gateway.test/v2/models/digits/infer', {
    method: 'POST',
    headers: { 'content-length': String(body.length), ...headers },
    body: new Uint8Array(body),
  });

/** JSON with bytes behind it. */
const binary = (text: string, bytes: Buffer = ROW_BYTES, length: number | string = Buffer.byteLength(text)) =>
  request(Buffer.concat([Buffer.from(text), bytes]), { 'inference-header-content-length': String(length) });

describe('a body with bytes behind its JSON', () => {
  it('is read as the rows that it holds', async () => {
    expect((await readInferRequest(binary(json()))).rows).toEqual([ROW]);
  });

  it.each([
    ['all', { parameters: { binary_data_output: true } }, ['label', 'probabilities']],
    ['none', {}, []],
    ['one', { outputs: [{ name: 'label', parameters: { binary_data: true } }, { name: 'probabilities' }] }, ['label']],
    [
      'all but one',
      {
        parameters: { binary_data_output: true },
        outputs: [{ name: 'label', parameters: { binary_data: false } }, { name: 'probabilities' }],
      },
      ['probabilities'],
    ],
  ])('says of which outputs it wants bytes: %s', async (_what, more, expected) => {
    expect((await readInferRequest(binary(json(more)))).binaryOutputs).toEqual(expected);
  });

  it.each([
    ['neither data nor bytes', binary(json({}, {})), 'inputs[0] has neither data nor parameters.binary_data_size'],
    ['a size that its shape does not take', binary(json({}, { parameters: { binary_data_size: 252 } })), 'its shape takes 256'],
    ['too few bytes', binary(json(), ROW_BYTES.subarray(4)), '252 bytes stand behind the JSON; inputs[0] takes 256.'],
    ['a length beyond the body', binary(json(), ROW_BYTES, 9999), 'Inference-Header-Content-Length is "9999"'],
    ['a length that is none', binary(json(), ROW_BYTES, 'long'), 'Inference-Header-Content-Length is "long"'],
    [
      'a value that is no number',
      binary(json(), Buffer.from(new Float32Array(64).fill(Number.NaN).buffer)),
      'value 0 is not a finite number',
    ],
  ])('is refused with %s', async (_what, sent, message) => {
    await expect(readInferRequest(sent)).rejects.toThrow(message);
  });
});

describe('a packed body', () => {
  const plain = json({}, { data: ROW });

  it('is unpacked', async () => {
    const { rows } = await readInferRequest(request(gzipSync(plain), { 'content-encoding': 'gzip' }));
    expect(rows).toEqual([ROW]);
  });

  it('is refused in a coding that is not one of ours, and when it is not what it says', async () => {
    const packed = gzipSync(plain);
    await expect(readInferRequest(request(packed, { 'content-encoding': 'br' }))).rejects.toThrow('content-encoding is "br"');
    await expect(readInferRequest(request(Buffer.from(plain), { 'content-encoding': 'gzip' }))).rejects.toThrow(
      'The body is not gzip.',
    );
  });

  it('is held to the limit once it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024, 0x20));
    expect(bomb.length).toBeLessThan(10_000);
    await expect(readInferRequest(request(bomb, { 'content-encoding': 'gzip' }))).rejects.toMatchObject({ kind: 'too-large' });
  });
});
