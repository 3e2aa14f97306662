import { once } from 'node:events';
import { type Client, type ClientDuplexStream, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyPatch, type DesignPatch } from '../../../harness/serving/design/patch.ts';
import { createGateway, type Gateway } from '../../../harness/serving/gateway.ts';
import { type GrpcMounted, mountGrpc } from '../../../harness/world/live/grpc-mount.ts';
import { blackhole, createFakeLinks, type FakeLinks, linkId, refuses } from '../../support/fake-links.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';
import { openDesign } from '../../support/open-design.ts';
import { inferenceClient } from '../../support/open-inference.ts';

const FIRST = linkId('aws', 'us-east-1');
const OPTIONS = { deadline: Number.POSITIVE_INFINITY };

interface Called {
  readonly answer: Record<string, never> & {
    readonly outputs: readonly {
      name: string;
      datatype: string;
      shape: readonly number[];
      contents: { int64_contents: number[]; fp32_contents: number[] } | null;
    }[];
    readonly raw_output_contents: readonly Buffer[];
    readonly parameters: Record<string, { string_param: string }>;
    readonly id: string;
    readonly model_version: string;
  };
  readonly metadata: Metadata;
}

let links: FakeLinks;
let gateway: Gateway;
let mounted: GrpcMounted;
let client: Client & Record<string, (...args: readonly unknown[]) => unknown>;

/** A call of one message each way; rejects with what grpc-js throws. */
const call = (
  method: string,
  message: object = {},
  { metadata = {}, deadlineMs }: { readonly metadata?: Record<string, string>; readonly deadlineMs?: number } = {},
): Promise<Called> => {
  const sent = new Metadata();
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
  return new Promise((resolve, reject) => {
    let received = new Metadata();
    const options = deadlineMs === undefined ? OPTIONS : { deadline: Date.now() + deadlineMs };
    const under = client[method]!(message, sent, options, (error: ServiceError | null, answer: Called['answer']) =>
      error ? reject(error) : resolve({ answer, metadata: received }),
    ) as { on(event: 'metadata', listener: (metadata: Metadata) => void): void };
    under.on('metadata', (initial) => {
      received = initial;
    });
  });
};

const pixels = (rows: readonly (readonly number[])[]) => ({ name: 'pixels', datatype: 'FP32', shape: [rows.length, 64] });

/** A request with contents of the tensor's type. */
const typed = (rows: readonly (readonly number[])[], more: object = {}) => ({
  model_name: 'digits',
  inputs: [{ ...pixels(rows), contents: { fp32_contents: rows.flat() } }],
  ...more,
});

/** A request with raw contents. */
const raw = (rows: readonly (readonly number[])[], more: object = {}) => ({
  model_name: 'digits',
  inputs: [pixels(rows)],
  raw_input_contents: [Buffer.from(new Float32Array(rows.flat()).buffer)],
  ...more,
});

const close = async () => {
  client.close();
  gateway.stop();
  await mounted.close();
};

const open = async (patch: DesignPatch = {}) => {
  gateway = createGateway(links.config(applyPatch(openDesign, patch)), { models: stubModels });
  await gateway.start();
  mounted = await mountGrpc(gateway.grpc);
  client = inferenceClient(mounted.authority);
};

/** Serves by another design from now on. */
const serve = async (patch: DesignPatch) => {
  await close();
  await open(patch);
};

beforeEach(async () => {
  links = createFakeLinks(['aws', 'us-east-1']);
  vi.stubGlobal('fetch', links.fetch);
  await open();
});

afterEach(async () => {
  await close();
  vi.unstubAllGlobals();
});

describe("grpc-js's own client", () => {
  it('finds server and model live, ready and described', async () => {
    expect((await call('ServerLive')).answer).toEqual({ live: true });
    expect((await call('ServerReady')).answer).toEqual({ ready: true });
    expect((await call('ModelReady', { name: 'digits', version: '1' })).answer).toEqual({ ready: true });
    expect((await call('ServerMetadata')).answer).toEqual({
      name: 'squall-gateway',
      version: '2',
      extensions: ['binary_tensor_data'],
    });
    expect((await call('ModelMetadata', { name: 'digits' })).answer).toEqual({
      name: 'digits',
      versions: ['1'],
      platform: 'squall-gateway',
      inputs: [{ name: 'pixels', datatype: 'FP32', shape: [-1, 64] }],
      outputs: [
        { name: 'label', datatype: 'INT64', shape: [-1] },
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 10] },
      ],
      properties: {},
    });
  });

  it('is answered with contents of the type, the id and its marks', async () => {
    const { answer, metadata } = await call('ModelInfer', typed([rowLabelled(3), rowLabelled(8)], { id: 'r1' }));
    expect(answer).toMatchObject({ model_name: 'digits', model_version: '1', id: 'r1', raw_output_contents: [] });
    expect(answer.outputs).toMatchObject([
      { name: 'label', datatype: 'INT64', shape: [2], contents: { int64_contents: [3, 8] } },
      { name: 'probabilities', datatype: 'FP32', shape: [2, 10] },
    ]);
    expect(answer.outputs[1]!.contents!.fp32_contents[3]).toBeCloseTo(0.91);
    expect(metadata.getMap()).toMatchObject({ 'x-squall-served-by': FIRST, 'x-squall-model-version': '1' });
    expect(answer.parameters['x-squall-served-by']).toMatchObject({ string_param: FIRST });
  });

  it('is answered raw where it asks raw, with the outputs that it names', async () => {
    const outputs = [{ name: 'probabilities' }, { name: 'label' }];
    const { answer } = await call('ModelInfer', raw([rowLabelled(3), rowLabelled(8)], { outputs }));
    expect(answer.outputs.map(({ name, contents }) => [name, contents])).toEqual([
      ['probabilities', null],
      ['label', null],
    ]);
    const [probabilities, label] = answer.raw_output_contents;
    expect(probabilities!.length).toBe(2 * 10 * 4);
    expect(probabilities!.readFloatLE(3 * 4)).toBeCloseTo(0.91);
    expect([label!.readBigInt64LE(0), label!.readBigInt64LE(8)]).toEqual([3n, 8n]);
  });

  it('hears of a degraded answer by metadata', async () => {
    links.set(FIRST, refuses);
    const { metadata } = await call('ModelInfer', typed([rowLabelled(5)]));
    expect(metadata.getMap()).toMatchObject({
      'x-squall-served-by': 'local/fallback-model',
      'x-squall-degraded': 'fallback-model',
    });
  });

  it.each([
    ['another model', { ...typed([rowLabelled(1)]), model_name: 'letters' }, status.NOT_FOUND, 'There is no model letters'],
    ['no input', { model_name: 'digits' }, status.INVALID_ARGUMENT, 'inputs: 0 are there'],
    [
      'raw and typed contents at once',
      { ...raw([rowLabelled(1)]), inputs: typed([rowLabelled(1)]).inputs },
      status.INVALID_ARGUMENT,
      'raw_input_contents and inputs[0].contents are both there',
    ],
    [
      'raw contents of another length',
      { ...raw([rowLabelled(1)]), inputs: [pixels([[], []])] },
      status.INVALID_ARGUMENT,
      '256 bytes are there; one tensor of 512 is expected',
    ],
    [
      'an unknown output',
      typed([rowLabelled(1)], { outputs: [{ name: 'score' }] }),
      status.INVALID_ARGUMENT,
      'outputs[0].name is "score"',
    ],
    [
      'another datatype',
      { ...raw([rowLabelled(1)]), inputs: [{ ...pixels([[]]), datatype: 'INT8' }] },
      status.INVALID_ARGUMENT,
      'inputs[0].datatype is "INT8"',
    ],
  ])('is told what is wrong with %s', async (_what, message, code, details) => {
    await expect(call('ModelInfer', message)).rejects.toMatchObject({ code, details: expect.stringContaining(details) });
  });

  it('is told that a method of Triton alone is not there', async () => {
    await expect(call('ModelConfig', { name: 'digits' })).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it('bounds its request by its own deadline, which leaves time for a degraded answer', async () => {
    links.set(FIRST, blackhole);
    const { metadata } = await call('ModelInfer', typed([rowLabelled(2)]), { deadlineMs: 1200 });
    expect(metadata.get('x-squall-degraded')).toEqual(['fallback-model']);
  });

  it('ends the work for it when it cancels', async () => {
    await serve({ attemptTimeoutMs: false, deadlineMs: false, hedging: false, healthChecks: false });
    links.set(FIRST, blackhole);
    const before = links.requests(FIRST);
    const under = client.ModelInfer!(typed([rowLabelled(2)]), () => undefined) as { cancel(): void };
    await expect.poll(() => links.requests(FIRST)).toBe(before + 1);
    const aborted = links.aborted(FIRST);
    under.cancel();
    await expect.poll(() => links.aborted(FIRST)).toBe(aborted + 1);
  });
});

describe("grpc-js's own client, by a stream", () => {
  interface InStream {
    readonly error_message: string;
    readonly infer_response: Called['answer'] | null;
  }

  it('has its answers in the order of its requests, and an error of one among them', async () => {
    const stream = client.ModelStreamInfer!() as ClientDuplexStream<object, InStream>;
    const answers: InStream[] = [];
    stream.on('data', (answer: InStream) => answers.push(answer));
    const ended = once(stream, 'status') as Promise<[{ code: number }]>;
    for (let at = 0; at < 100; at += 1) {
      stream.write(typed([rowLabelled(at % 10)], { id: `s${at}`, ...(at === 7 ? { model_name: 'letters' } : {}) }));
    }
    stream.end();
    expect((await ended)[0].code).toBe(status.OK);
    expect(answers.map((answer) => answer.infer_response?.id)).toEqual(Array.from({ length: 100 }, (_, at) => `s${at}`));
    expect(answers.filter((answer) => answer.error_message !== '').length).toBe(1);
    expect(answers[7]!.error_message).toContain('There is no model letters');
    expect(answers[42]!.infer_response!.outputs[0]!.contents!.int64_contents).toEqual([2]);
    expect(answers[42]!.infer_response!.parameters['x-squall-served-by']!.string_param).toBe(FIRST);
  });

  it('is answered while it is still open', async () => {
    const stream = client.ModelStreamInfer!() as ClientDuplexStream<object, InStream>;
    stream.write(typed([rowLabelled(4)], { id: 'first' }));
    const [answer] = (await once(stream, 'data')) as [InStream];
    expect(answer.infer_response!.id).toBe('first');
    stream.end();
    await once(stream, 'end');
  });

  it('is ended by its deadline, open or not', async () => {
    links.set(FIRST, blackhole);
    const stream = client.ModelStreamInfer!({ deadline: Date.now() + 200 }) as ClientDuplexStream<object, InStream>;
    const failed = once(stream, 'error').catch((error) => [error]);
    stream.on('data', () => undefined);
    stream.write(typed([rowLabelled(4)]));
    const [error] = (await failed) as [ServiceError];
    expect(error.code).toBe(status.DEADLINE_EXCEEDED);
  });
});
