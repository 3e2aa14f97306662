import { describe, expect, it, vi } from 'vitest';
import { createGateway, type Gateway } from '../../../harness/serving/gateway.ts';
import { linkId, refuses } from '../../support/fake-links.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';
import { openDesign } from '../../support/open-design.ts';
import { useVirtualGateway } from '../../support/virtual-gateway.ts';

const FIRST = linkId('aws', 'us-east-1');
const run = useVirtualGateway(['aws', 'us-east-1']);

const call = async (gateway: Gateway, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const answered = gateway.fetch(
    new Request(`http://gateway.test${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
  );
  await vi.advanceTimersByTimeAsync(100);
  const response = await answered;
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
};

const pixels = (rows: readonly (readonly number[])[], changes: Record<string, unknown> = {}) => ({
  inputs: [{ name: 'pixels', shape: [rows.length, 64], datatype: 'FP32', data: rows.flat(), ...changes }],
});
const infer = (gateway: Gateway, body: unknown, headers: Record<string, string> = {}) =>
  call(gateway, 'POST', '/v2/models/digits/infer', body, headers);

describe('inference', () => {
  it('answers in the protocol, with the id, and says who served', async () => {
    const seen = await infer(await run.start(), { id: 'request 7', ...pixels([rowLabelled(3), rowLabelled(8)]) });
    expect(seen.status).toBe(200);
    expect(seen.headers.get('x-squall-served-by')).toBe(FIRST);
    expect(seen.headers.has('x-squall-degraded')).toBe(false);
    expect(seen.body).toEqual({
      model_name: 'digits',
      model_version: '1',
      id: 'request 7',
      outputs: [
        { name: 'label', shape: [2], datatype: 'INT64', data: [3, 8] },
        { name: 'probabilities', shape: [2, 10], datatype: 'FP32', data: expect.any(Array) },
      ],
    });
    const { outputs } = seen.body as { outputs: { data: number[] }[] };
    expect(outputs[1]!.data).toHaveLength(20);
    expect(outputs[1]!.data[3]).toBe(0.91);
  });

  it('takes rows as nested lists, a version in the path, and a choice of outputs', async () => {
    const gateway = await run.start();
    const request = {
      inputs: [{ name: 'pixels', shape: [2, 64], datatype: 'FP32', data: [rowLabelled(3), rowLabelled(8)] }],
      outputs: [{ name: 'label' }],
    };
    const seen = await call(gateway, 'POST', '/v2/models/digits/versions/1/infer', request);
    expect(seen.body).toEqual({
      model_name: 'digits',
      model_version: '1',
      outputs: [{ name: 'label', shape: [2], datatype: 'INT64', data: [3, 8] }],
    });
  });

  it('marks a degraded answer with its rung', async () => {
    const gateway = await run.start();
    run.links.set(FIRST, refuses);
    const seen = await infer(gateway, pixels([rowLabelled(5)]));
    expect(seen.status).toBe(200);
    expect(seen.headers.get('x-squall-served-by')).toBe('local/fallback-model');
    expect(seen.headers.get('x-squall-degraded')).toBe('fallback-model');
  });

  it.each([
    ['no JSON', '{', 'The body is not JSON.'],
    ['no inputs', {}, 'inputs: '],
    ['another input', pixels([rowLabelled(1)], { name: 'image' }), 'inputs[0].name: '],
    ['another type', pixels([rowLabelled(1)], { datatype: 'BYTES' }), 'inputs[0].datatype: '],
    ['another width', pixels([rowLabelled(1)], { shape: [1, 63] }), 'inputs[0].shape[1]: '],
    ['no rows', pixels([], {}), 'inputs[0].shape[0]: '],
    ['too many rows', pixels([], { shape: [257, 64] }), 'inputs[0].shape[0]: '],
    ['too little data', pixels([rowLabelled(1)], { shape: [2, 64] }), 'inputs[0].data has 64 values; its shape takes 128.'],
    ['a value that is no number', pixels([[...rowLabelled(1).slice(1), 'x' as never]]), 'inputs[0].data: value 63 is not'],
    ['an unknown output', { ...pixels([rowLabelled(1)]), outputs: [{ name: 'score' }] }, 'outputs[0].name: '],
  ])('answers 400 to %s, with the place', async (_what, body, message) => {
    const seen = await infer(await run.start(), body);
    expect(seen.status).toBe(400);
    expect((seen.body as { error: string }).error).toContain(message);
    expect(run.links.requests(FIRST)).toBe(1);
  });

  it('answers 400 to a deadline that is none, 413 to a body over the limit', async () => {
    const gateway = await run.start();
    expect(await infer(gateway, pixels([rowLabelled(1)]), { 'x-squall-deadline-ms': 'soon' })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('x-squall-deadline-ms') },
    });
    expect(await infer(gateway, ' '.repeat(1024 * 1024 + 1))).toMatchObject({ status: 413 });
  });

  it('answers 404 for a model, a version or a path that there is not', async () => {
    const gateway = await run.start();
    for (const path of ['/v2/models/letters/infer', '/v2/models/digits/versions/9/infer', '/v1/predict']) {
      expect(await call(gateway, 'POST', path, pixels([rowLabelled(1)]))).toMatchObject({
        status: 404,
        body: { error: expect.any(String) },
      });
    }
  });
});

describe('health and metadata', () => {
  it('are served as the protocol has them', async () => {
    const gateway = await run.start();
    expect(await call(gateway, 'GET', '/v2/health/live')).toMatchObject({ status: 200, body: { live: true } });
    expect(await call(gateway, 'GET', '/v2/health/ready')).toMatchObject({ status: 200, body: { ready: true } });
    expect(await call(gateway, 'GET', '/v2')).toMatchObject({ status: 200, body: { name: 'squall-gateway' } });
    expect(await call(gateway, 'GET', '/v2/models/digits')).toMatchObject({
      status: 200,
      body: {
        name: 'digits',
        inputs: [{ name: 'pixels', datatype: 'FP32', shape: [-1, 64] }],
        outputs: [
          { name: 'label', datatype: 'INT64', shape: [-1] },
          { name: 'probabilities', datatype: 'FP32', shape: [-1, 10] },
        ],
      },
    });
    expect(await call(gateway, 'GET', '/v2/models/digits/ready')).toMatchObject({ status: 200, body: { ready: true } });
    expect((await call(gateway, 'GET', '/v2/models/letters')).status).toBe(404);
    expect((await call(gateway, 'GET', '/v2/models/letters/ready')).status).toBe(404);
  });

  it('say not ready before the start, and when no link and no rung can answer', async () => {
    const config = run.links.config(openDesign);
    const early = createGateway(config, { models: stubModels });
    expect(await call(early, 'GET', '/v2/health/ready')).toMatchObject({ status: 503, body: { ready: false } });
    expect(await call(early, 'GET', '/v2/health/live')).toMatchObject({ status: 200 });

    const gateway = await run.start({ degrade: false });
    expect(await call(gateway, 'GET', '/v2/health/ready')).toMatchObject({ status: 200 });
    run.links.set(FIRST, refuses);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await call(gateway, 'GET', '/v2/health/ready')).toMatchObject({ status: 503 });
  });
});

describe('a gateway without links', () => {
  it('is refused', () => {
    expect(() => createGateway({ model: 'digits', links: [], design: openDesign }, { models: stubModels })).toThrow(TypeError);
  });
});
