import { describe, expect, test } from 'vitest';
import { failureResponse } from '../../../mocks/aws/errors.ts';
import { aws } from '../../../mocks/aws/provider.ts';
import { createAws, EAST, HOST, readRefusal, sign, toRequest, WEST } from '../../support/aws.ts';
import { rowLabelled } from '../../support/model.ts';

const body = JSON.stringify({ instances: [rowLabelled(3), rowLabelled(4)] });

describe('the AWS emulator', () => {
  test('has an endpoint for each service, and SageMaker runtime in each region', async () => {
    const { emulator } = await createAws();
    expect(emulator.endpoints.map(({ definition, region }) => `${region}/${definition.service}`)).toEqual([
      `${EAST}/sagemaker-runtime`,
      `${WEST}/sagemaker-runtime`,
      'global/pricing',
      'global/secretsmanager',
    ]);
  });

  test('refuses the credential of another provider', async () => {
    const credential = { provider: 'azure', tenantId: '', clientId: '', clientSecret: '', endpointKey: '' } as const;
    const config = { provider: 'aws', regions: [], credential, secretStoreToken: '', endpointName: 'e', model: 'm' } as const;
    await expect(aws.createEmulator(config, { models: { predict: async () => [] } })).rejects.toThrow(/credential is of azure/);
  });

  test('mints credentials with the parts of a real session, never the same twice', async () => {
    const [one, other] = [await aws.mintCredential(), await aws.mintCredential()];
    expect(one).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      secretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
      sessionToken: expect.stringMatching(/^IQoJb3JpZ2luX2Vj[\w+/]+=*$/),
    });
    expect(other).not.toEqual(one);
  });

  test('counts predictions by region, and bills its instance at the price in force', async () => {
    const { emulator, credential, handler } = await createAws({ capacity: { serviceTimeMs: 10, concurrency: 2 } });
    const predict = async () => handler('sagemaker-runtime', EAST)(toRequest(await sign(credential, { body })));
    await predict();
    await emulator.control({ type: 'set-price-multiplier', region: EAST, service: 'sagemaker-runtime', multiplier: 3 });
    await predict();
    const [east, west] = emulator.usage();
    expect(east).toMatchObject({ region: EAST, service: 'sagemaker-runtime', predictions: 4, answers: 2, busyMs: 20 });
    expect(west).toMatchObject({ region: WEST, service: 'sagemaker-runtime', predictions: 0, egressBytes: 0 });
    // Nobody was served in the west, but its instance stood there; in the east it was dearer for a part of the time.
    expect(west!.cost.computeUsd).toBeGreaterThan(0);
    expect(east!.cost.computeUsd / west!.cost.computeUsd).toBeGreaterThan(1.408 / 1.5708);
  });

  test.each(['set-quota', 'set-price-multiplier'] as const)('refuses %s for a region that it lacks', async (type) => {
    const { emulator } = await createAws();
    const where = { region: 'mars-1', service: '*' };
    const command = type === 'set-quota' ? { type, ...where, requestsPerS: 1 } : { type, ...where, multiplier: 2 };
    await expect(emulator.control(command)).rejects.toThrow(/aws has no inference endpoint mars-1/);
  });
});

describe('what no operation is served at', () => {
  test.each([
    ['GET', '/endpoints/digits/invocations'],
    ['POST', '/endpoints/digits'],
    ['POST', '/'],
  ])('%s %s is an unknown operation, whoever asks', async (method, path) => {
    const { handler } = await createAws();
    const response = await handler('sagemaker-runtime', EAST)(new Request(`http://${HOST}${path}`, { method }));
    expect(await readRefusal(response)).toEqual({ status: 404, code: 'UnknownOperationException', message: null });
  });
});

describe('every answer', () => {
  test('carries an id of its own and the service’s date', async () => {
    const { handler, credential } = await createAws();
    const send = handler('sagemaker-runtime', EAST);
    const answers = [
      await send(toRequest(await sign(credential, { body }))),
      await send(toRequest(await sign(credential, { body: '{' }))),
      await send(new Request(`http://${HOST}/nowhere`)),
      failureResponse('unavailable'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 424, 404, 503]);
    const ids = answers.map(({ headers }) => headers.get('x-amzn-requestid'));
    expect(new Set(ids).size).toBe(answers.length);
    for (const { headers } of answers) {
      expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
      expect(Number.isNaN(Date.parse(headers.get('date') ?? ''))).toBe(false);
    }
  });
});

describe('a failure of the model itself', () => {
  test('that is not the caller’s mistake is an internal failure', async () => {
    const models = {
      predict: async () => {
        throw new Error('out of memory');
      },
    };
    const { handler, credential } = await createAws({ models });
    const response = await handler('sagemaker-runtime', EAST)(toRequest(await sign(credential, { body })));
    expect(await readRefusal(response)).toEqual({
      status: 500,
      code: 'InternalFailure',
      message: 'An internal failure occurred.',
    });
  });
});
