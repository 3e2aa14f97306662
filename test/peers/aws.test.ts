import {
  InternalFailure,
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  InvokeEndpointWithResponseStreamCommand,
  ModelError,
  SageMakerRuntimeServiceException,
  ServiceUnavailable,
  ValidationError,
} from '@aws-sdk/client-sagemaker-runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSamples } from '../../harness/load/samples.ts';
import { mount } from '../../harness/world/live/mount.ts';
import { createOnnxRuntime } from '../../harness/world/live/onnx-runtime.ts';
import { failureResponse } from '../../mocks/aws/errors.ts';
import type { ModelRuntime, Prediction } from '../../mocks/models/runtime.ts';
import { EAST, ENDPOINT, mountAws, sdkCredential, WEST } from '../support/aws.ts';
import { rowLabelled } from '../support/model.ts';

const MINUTE_MS = 60_000;
const [sample] = loadSamples('digits');
const row = sample?.pixels ?? [];
let models: ModelRuntime;

beforeAll(async () => {
  models = await createOnnxRuntime(['digits']);
});

const jsonOf = (...rows: readonly (readonly number[])[]) => JSON.stringify({ instances: rows });

const invoke = (input: Partial<InvokeEndpointCommandInput> = {}) =>
  new InvokeEndpointCommand({ EndpointName: ENDPOINT, ContentType: 'application/json', Body: jsonOf(rowLabelled(3)), ...input });

/** What a call was refused with. */
const refusal = async (call: Promise<unknown>): Promise<SageMakerRuntimeServiceException> => {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SageMakerRuntimeServiceException)) throw error;
  return error;
};

describe('@aws-sdk/client-sagemaker-runtime, unmodified', () => {
  test('gets a prediction of the real model in each region, from an origin of its own', async () => {
    await using aws = await mountAws({ models });
    expect(aws.originOf(EAST)).not.toBe(aws.originOf(WEST));
    for (const region of [EAST, WEST]) {
      const answer = await aws.client({}, region).send(invoke({ Body: jsonOf(row, row) }));
      const { predictions } = JSON.parse(answer.Body.transformToString()) as { predictions: readonly Prediction[] };
      expect(predictions.map(({ label }) => label)).toEqual([sample?.label, sample?.label]);
      expect(predictions[0]?.probabilities).toHaveLength(10);
      expect(answer).toMatchObject({
        ContentType: 'application/json',
        InvokedProductionVariant: 'AllTraffic',
        $metadata: { httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      });
    }
  });

  test('gets CSV for CSV', async () => {
    await using aws = await mountAws();
    const rows = [rowLabelled(3), rowLabelled(8)].map((each) => each.join(',')).join('\n');
    const answer = await aws.client().send(invoke({ ContentType: 'text/csv', Accept: 'text/csv', Body: rows }));
    expect(answer.ContentType).toBe('text/csv');
    expect(answer.Body.transformToString().split('\n')).toEqual([
      expect.stringMatching(/^3(,[\d.]+){10}$/),
      expect.stringMatching(/^8,/),
    ]);
  });

  test('reads an answer that streams, in several parts', async () => {
    await using aws = await mountAws();
    const rows = Array.from({ length: 40 }, (_, index) => rowLabelled(index % 10));
    const answer = await aws.client().send(
      new InvokeEndpointWithResponseStreamCommand({
        EndpointName: ENDPOINT,
        ContentType: 'application/json',
        Body: jsonOf(...rows),
      }),
    );
    const parts: Uint8Array[] = [];
    for await (const event of answer.Body ?? []) parts.push(event.PayloadPart?.Bytes ?? new Uint8Array());
    const text = parts.map((part) => new TextDecoder().decode(part)).join('');
    expect(parts.length).toBeGreaterThan(1);
    expect((JSON.parse(text) as { predictions: readonly Prediction[] }).predictions.map(({ label }) => label)).toEqual(
      rows.map((_, index) => index % 10),
    );
    expect(answer).toMatchObject({ ContentType: 'application/json', InvokedProductionVariant: 'AllTraffic' });
  });
});

describe('refused callers see the error that AWS gives', () => {
  test.each([
    ['a wrong secret', { secretAccessKey: 'guessed' }, 'InvalidSignatureException', /The request signature we calculated/],
    ['an unknown key', { accessKeyId: 'ASIAUNKNOWNUNKNOWNUN' }, 'UnrecognizedClientException', /security token .* is invalid/],
    ['no session token', { sessionToken: undefined }, 'UnrecognizedClientException', /security token .* is invalid/],
  ])('%s', async (_, change, name, message) => {
    await using aws = await mountAws();
    const { sessionToken, ...credentials } = { ...sdkCredential(aws.credential), ...change };
    const client = aws.client({ credentials: { ...credentials, ...(sessionToken === undefined ? {} : { sessionToken }) } });
    expect(await refusal(client.send(invoke()))).toMatchObject({
      name,
      message: expect.stringMatching(message),
      $fault: 'client',
      $metadata: { httpStatusCode: 403, attempts: 1 },
    });
  });

  test('a signature for another region', async () => {
    await using aws = await mountAws();
    expect(await refusal(aws.client({ region: WEST }).send(invoke()))).toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining(`valid region, not '${WEST}'`),
    });
  });

  test.each([
    ['slow', -6 * MINUTE_MS, /^Signature expired/],
    ['fast', 6 * MINUTE_MS, /^Signature not yet current/],
  ])('a clock that is six minutes %s', async (_, systemClockOffset, message) => {
    await using aws = await mountAws();
    expect(await refusal(aws.client({ systemClockOffset }).send(invoke()))).toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(message),
    });
  });

  test('a clock that is wrong, when the client may try again: it sets its clock by the answer and gets through', async () => {
    await using aws = await mountAws();
    const answer = await aws.client({ systemClockOffset: -6 * MINUTE_MS, maxAttempts: 3 }).send(invoke());
    expect(answer.$metadata).toMatchObject({ httpStatusCode: 200, attempts: 2 });
  });

  test('a session that was expired, until the client’s credentials are read again', async () => {
    await using aws = await mountAws();
    const old = aws.client();
    await old.send(invoke());
    await aws.emulator.control({ type: 'expire-tokens' });
    expect(await refusal(old.send(invoke()))).toMatchObject({
      name: 'ExpiredTokenException',
      $metadata: { httpStatusCode: 403 },
    });
    const refreshed = aws.client({ credentials: async () => sdkCredential(await aws.readCredential()) });
    expect((await refreshed.send(invoke())).$metadata.httpStatusCode).toBe(200);
  });

  test('a key that was revoked', async () => {
    await using aws = await mountAws();
    await aws.emulator.control({ type: 'revoke-credential', replacementAfterMs: null });
    expect(await refusal(aws.client().send(invoke()))).toMatchObject({ name: 'UnrecognizedClientException' });
  });

  test('an operation that the workload’s role does not allow', async () => {
    await using aws = await mountAws();
    const call = new InvokeEndpointAsyncCommand({ EndpointName: ENDPOINT, InputLocation: 's3://bucket/key' });
    expect(await refusal(aws.client().send(call))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /not authorized to perform: sagemaker:InvokeEndpointAsync on resource: arn:aws:sagemaker:us-east-1:/,
      ),
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('requests that cannot be served see the error that SageMaker gives', () => {
  test.each([
    ['an endpoint that is not there', { EndpointName: 'letters' }, /^Endpoint letters of account \d{12} not found\.$/],
    ['an endpoint name that cannot be one', { EndpointName: 'a_b' }, /at 'endpointName' failed to satisfy constraint/],
    ['a variant that is not there', { TargetVariant: 'Canary' }, /^Variant Canary of endpoint digits/],
    ['a target model', { TargetModel: 'm.tar.gz' }, /not a multi-model endpoint/],
    ['an inference component', { InferenceComponentName: 'c' }, /no inference components/],
  ])('%s: ValidationError', async (_, input, message) => {
    await using aws = await mountAws();
    const error = await refusal(aws.client().send(invoke(input)));
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ message: expect.stringMatching(message), $metadata: { httpStatusCode: 400 } });
  });

  test.each([
    ['a content type that the container does not read', { ContentType: 'application/xml' }, 415],
    ['no content type', { ContentType: undefined }, 415],
    ['a type that the container does not write', { Accept: 'image/png' }, 406],
    ['a body that is not JSON', { Body: '{' }, 400],
    ['JSON of another shape', { Body: '{"inputs":[]}' }, 400],
    ['a row that is too short', { Body: jsonOf([1, 2, 3]) }, 400],
    ['a cell that is not a number', { ContentType: 'text/csv', Body: `x${',1'.repeat(63)}` }, 400],
    ['a batch without end', { ContentType: 'text/csv', Body: '1\n'.repeat(4097) }, 413],
  ])('%s: ModelError with the container’s own status', async (_, input, status) => {
    await using aws = await mountAws({ models });
    const error = await refusal(aws.client().send(invoke(input as Partial<InvokeEndpointCommandInput>)));
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({
      message: expect.stringMatching(`^Received client error \\(${status}\\) from primary with message`),
      OriginalStatusCode: status,
      LogStreamArn: expect.stringContaining('/aws/sagemaker/Endpoints/digits'),
      $metadata: { httpStatusCode: 424 },
    });
  });

  test('a body over 25 MB: 413 without a name', async () => {
    await using aws = await mountAws();
    const error = await refusal(aws.client().send(invoke({ Body: new Uint8Array(25 * 1024 * 1024 + 1) })));
    expect(error.$metadata.httpStatusCode).toBe(413);
    expect(error.message).toBe('HTTP content length exceeded 26214400 bytes.');
  });
});

describe('an endpoint that takes no more sees the caller throttled', () => {
  test('over its quota, and no longer when the quota is lifted', async () => {
    await using aws = await mountAws();
    const quota = { type: 'set-quota', region: EAST, service: 'sagemaker-runtime' } as const;
    await aws.emulator.control({ ...quota, requestsPerS: 0.001 });
    const client = aws.client();
    await client.send(invoke());
    const error = await refusal(client.send(invoke()));
    expect(error).toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } });
    expect((await aws.client({}, WEST).send(invoke())).$metadata.httpStatusCode).toBe(200);
    await aws.emulator.control({ ...quota, requestsPerS: null });
    expect((await client.send(invoke())).$metadata.httpStatusCode).toBe(200);
  });

  test('with all slots and queue places taken', async () => {
    await using aws = await mountAws({ capacity: { concurrency: 1, queueLimit: 1, serviceTimeMs: 500 } });
    const client = aws.client();
    const calls = await Promise.allSettled(Array.from({ length: 5 }, () => client.send(invoke())));
    const refused = calls.filter(({ status }) => status === 'rejected').map((call) => (call as PromiseRejectedResult).reason);
    expect(refused).toHaveLength(3);
    for (const error of refused) expect(error).toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
  });
});

describe('failures that a fault puts in the service’s place', () => {
  test.each([
    ['unavailable', ServiceUnavailable, 503],
    ['internal', InternalFailure, 500],
    ['model-error', ModelError, 424],
  ] as const)('%s', async (condition, type, status) => {
    await using aws = await mountAws();
    const failing = await mount(async () => failureResponse(condition));
    try {
      const error = await refusal(aws.client({ endpoint: failing.origin }).send(invoke()));
      expect(error).toBeInstanceOf(type);
      expect(error.$metadata).toMatchObject({ httpStatusCode: status, requestId: expect.any(String) });
    } finally {
      await failing.close();
    }
  });

  test('throttled: the client knows it as such, and may try again', async () => {
    await using aws = await mountAws();
    const failing = await mount(async () => failureResponse('throttled'));
    try {
      const error = await refusal(aws.client({ endpoint: failing.origin, maxAttempts: 2, retryMode: 'standard' }).send(invoke()));
      expect(error).toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400, attempts: 2 } });
    } finally {
      await failing.close();
    }
  });
});
