import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListModelsCommand,
  type ProductionVariant,
  paginateListModels,
  ResourceLimitExceeded,
  SageMakerClient,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
  waitUntilEndpointDeleted,
  waitUntilEndpointInService,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSamples } from '../../../harness/load/samples.ts';
import type { ModelRuntime, Prediction } from '../../../mocks/models/runtime.ts';
import { EAST, mountAwsCloud, realModels, refusal, WEST } from '../../support/aws-cloud.ts';

const ROLE = 'arn:aws:iam::111122223333:role/squall-workload';
const IMAGE = '111122223333.dkr.ecr.us-east-1.amazonaws.com/digits:2';
const samples = loadSamples('digits').slice(0, 30);
const rows = samples.map(({ pixels }) => pixels);

let models: ModelRuntime;

beforeAll(async () => {
  models = await realModels();
});

const variant = (VariantName: string, InitialVariantWeight = 1, more: Partial<ProductionVariant> = {}): ProductionVariant => ({
  VariantName,
  ModelName: 'digits',
  InstanceType: 'ml.m5.large',
  InitialInstanceCount: 1,
  InitialVariantWeight,
  ...more,
});

const given = async () => {
  const cloud = await mountAwsCloud({ models });
  const client = (region = EAST) => new SageMakerClient(cloud.options('sagemaker', region));
  const runtime = (region = EAST) => new SageMakerRuntimeClient(cloud.options('sagemaker-runtime', region));
  const invoke = async (EndpointName: string, TargetVariant?: string) => {
    const answer = await runtime().send(
      new InvokeEndpointCommand({
        EndpointName,
        TargetVariant,
        ContentType: 'application/json',
        Body: JSON.stringify({ instances: rows }),
      }),
    );
    const { predictions } = JSON.parse(answer.Body.transformToString()) as { readonly predictions: readonly Prediction[] };
    return { variant: answer.InvokedProductionVariant, labels: predictions.map(({ label }) => label), predictions };
  };
  const configure = (EndpointConfigName: string, ...ProductionVariants: ProductionVariant[]) =>
    client().send(new CreateEndpointConfigCommand({ EndpointConfigName, ProductionVariants }));
  const inService = (EndpointName: string) =>
    waitUntilEndpointInService({ client: client(), minDelay: 0.05, maxDelay: 0.05, maxWaitTime: 10 }, { EndpointName });
  return { ...cloud, client, runtime, invoke, configure, inService, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

describe('@aws-sdk/client-sagemaker, unmodified', () => {
  test('a model, a configuration and an endpoint: Creating, then in service, and it predicts', async () => {
    await using sageMaker = await given();
    const client = sageMaker.client();
    const { ModelArn } = await client.send(
      new CreateModelCommand({ ModelName: 'Numbers', PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE }),
    );
    expect(ModelArn).toBe('arn:aws:sagemaker:us-east-1:111122223333:model/numbers');
    expect(await client.send(new DescribeModelCommand({ ModelName: 'Numbers' }))).toMatchObject({
      ModelName: 'Numbers',
      PrimaryContainer: { Image: IMAGE },
      CreationTime: expect.any(Date),
    });
    await sageMaker.configure('numbers-1', variant('main', 1, { ModelName: 'Numbers' }));
    expect(await client.send(new DescribeEndpointConfigCommand({ EndpointConfigName: 'numbers-1' }))).toMatchObject({
      ProductionVariants: [{ VariantName: 'main', InstanceType: 'ml.m5.large' }],
    });
    await client.send(new CreateEndpointCommand({ EndpointName: 'numbers', EndpointConfigName: 'numbers-1' }));
    const creating = await client.send(new DescribeEndpointCommand({ EndpointName: 'numbers' }));
    expect(creating.EndpointStatus).toBe('Creating');
    expect(creating.ProductionVariants).toBeUndefined();
    expect(await refusal(sageMaker.invoke('numbers'))).toMatchObject({ name: 'ValidationError' });
    await sageMaker.inService('numbers');
    const { labels, variant: used } = await sageMaker.invoke('numbers');
    const right = labels.filter((label, index) => label === samples[index]?.label).length;
    expect(right).toBeGreaterThanOrEqual(28);
    expect(used).toBe('main');
  });

  test('an endpoint stands from the start, in each region a different one', async () => {
    await using sageMaker = await given();
    for (const region of [EAST, WEST]) {
      const endpoint = await sageMaker.client(region).send(new DescribeEndpointCommand({ EndpointName: 'digits' }));
      expect(endpoint).toMatchObject({
        EndpointStatus: 'InService',
        EndpointArn: `arn:aws:sagemaker:${region}:111122223333:endpoint/digits`,
      });
    }
    await sageMaker.client(EAST).send(new DeleteEndpointCommand({ EndpointName: 'digits' }));
    const waiting = { client: sageMaker.client(EAST), minDelay: 0.05, maxDelay: 0.05, maxWaitTime: 10 };
    await waitUntilEndpointDeleted(waiting, { EndpointName: 'digits' });
    expect(await refusal(sageMaker.invoke('digits'))).toMatchObject({
      name: 'ValidationError',
      message: 'Endpoint digits of account 111122223333 not found.',
    });
    const western = await sageMaker.client(WEST).send(new DescribeEndpointCommand({ EndpointName: 'digits' }));
    expect(western.EndpointStatus).toBe('InService');
  });

  test('spreads requests over variants by weight, and goes to one that is asked for', async () => {
    await using sageMaker = await given();
    const client = sageMaker.client();
    await client.send(
      new CreateModelCommand({
        ModelName: 'small',
        PrimaryContainer: { Image: IMAGE, ModelDataUrl: 's3://models/digits-small.tar.gz' },
        ExecutionRoleArn: ROLE,
      }),
    );
    await sageMaker.configure('split', variant('large', 3), variant('small', 1, { ModelName: 'small' }));
    await client.send(new CreateEndpointCommand({ EndpointName: 'split', EndpointConfigName: 'split' }));
    await sageMaker.inService('split');
    const used: (string | undefined)[] = [];
    for (let call = 0; call < 120; call += 1) used.push((await sageMaker.invoke('split')).variant);
    const small = used.filter((name) => name === 'small').length;
    // A quarter of 120; five standard deviations are 24.
    expect(small).toBeGreaterThan(6);
    expect(small).toBeLessThan(54);
    // Two models: the same pictures, other probabilities.
    const [a, b] = [await sageMaker.invoke('split', 'large'), await sageMaker.invoke('split', 'small')];
    expect([a.variant, b.variant]).toEqual(['large', 'small']);
    expect(a.predictions).not.toEqual(b.predictions);
    expect(await refusal(sageMaker.invoke('split', 'third'))).toMatchObject({ name: 'ValidationError' });

    const shift = [
      { VariantName: 'large', DesiredWeight: 0 },
      { VariantName: 'small', DesiredWeight: 1, DesiredInstanceCount: 2 },
    ];
    await client.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({ EndpointName: 'split', DesiredWeightsAndCapacities: shift }),
    );
    const updating = await client.send(new DescribeEndpointCommand({ EndpointName: 'split' }));
    expect(updating.EndpointStatus).toBe('Updating');
    expect(updating.ProductionVariants).toMatchObject([
      { CurrentWeight: 3, DesiredWeight: 0 },
      { CurrentInstanceCount: 1, DesiredInstanceCount: 2 },
    ]);
    await sageMaker.inService('split');
    for (let call = 0; call < 20; call += 1) expect((await sageMaker.invoke('split')).variant).toBe('small');
  });

  test('changes to another configuration, with the old one in service meanwhile', async () => {
    await using sageMaker = await given();
    const client = sageMaker.client();
    await sageMaker.configure('next', variant('next'));
    await client.send(new UpdateEndpointCommand({ EndpointName: 'digits', EndpointConfigName: 'next' }));
    expect((await sageMaker.invoke('digits')).variant).toBe('AllTraffic');
    expect(
      await refusal(client.send(new UpdateEndpointCommand({ EndpointName: 'digits', EndpointConfigName: 'next' }))),
    ).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('Cannot update in-progress endpoint') });
    await sageMaker.inService('digits');
    expect((await sageMaker.invoke('digits')).variant).toBe('next');
  });

  test('lists by name, in pages', async () => {
    await using sageMaker = await given();
    const client = sageMaker.client();
    const names = Array.from({ length: 12 }, (_, index) => `model-${String(index).padStart(2, '0')}`);
    for (const ModelName of names) {
      await client.send(new CreateModelCommand({ ModelName, PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE }));
    }
    const found: (string | undefined)[] = [];
    const asked = { NameContains: 'model-', SortBy: 'Name', SortOrder: 'Ascending' } as const;
    for await (const page of paginateListModels({ client, pageSize: 5 }, asked)) {
      found.push(...(page.Models ?? []).map(({ ModelName }) => ModelName));
    }
    expect(found).toEqual(names);
    const { Models } = await client.send(new ListModelsCommand({ CreationTimeAfter: new Date(Date.now() + 60_000) }));
    expect(Models).toEqual([]);
  });
});

describe('refused callers see the error that SageMaker gives', () => {
  test('names that are taken, resources that are not there', async () => {
    await using sageMaker = await given();
    const client = sageMaker.client();
    const arn = 'arn:aws:sagemaker:us-east-1:111122223333';
    const model = { PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE };
    expect(await refusal(client.send(new CreateModelCommand({ ModelName: 'digits', ...model })))).toMatchObject({
      name: 'ValidationException',
      message: `Cannot create already existing model "${arn}:model/digits".`,
      $metadata: { httpStatusCode: 400 },
    });
    for (const [call, kind] of [
      [client.send(new DeleteModelCommand({ ModelName: 'letters' })), 'model "X:model/letters"'],
      [client.send(new DescribeEndpointCommand({ EndpointName: 'letters' })), 'endpoint "X:endpoint/letters"'],
      [
        client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'letters' })),
        'endpoint configuration "X:endpoint-config/letters"',
      ],
      [sageMaker.configure('letters', variant('main', 1, { ModelName: 'letters' })), 'model "X:model/letters"'],
    ] as const) {
      expect(await refusal(call)).toMatchObject({
        name: 'ValidationException',
        message: `Could not find ${kind.replace('X', arn)}.`,
      });
    }
  });

  test.each([
    ['a name that cannot be one', { ModelName: 'a_b' }, /Value 'a_b' at 'modelName' failed to satisfy constraint/],
    ['a name that is too long', { ModelName: 'a'.repeat(64) }, /length less than or equal to 63/],
    ['a role that is none', { ExecutionRoleArn: 'arn:aws:iam::1:user/me' }, /at 'executionRoleArn' failed/],
    ['a container without an image', { PrimaryContainer: {} }, /Either Image or ModelPackageName/],
    ['a name that is missing', { ModelName: undefined }, /Value null at 'modelName' .* must not be null/],
  ])('%s', async (_, change, message) => {
    await using sageMaker = await given();
    const input = { ModelName: 'other', PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE, ...change };
    expect(await refusal(sageMaker.client().send(new CreateModelCommand(input)))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });

  test('an input of a wrong type', async () => {
    await using sageMaker = await given();
    const call = sageMaker.configure('odd', variant('main', 'heavy' as unknown as number));
    expect(await refusal(call)).toMatchObject({ name: 'SerializationException' });
  });

  test('more instances than the account may have', async () => {
    await using sageMaker = await given();
    await sageMaker.configure('many', variant('main', 1, { InitialInstanceCount: 21 }));
    const error = await refusal(
      sageMaker.client().send(new CreateEndpointCommand({ EndpointName: 'many', EndpointConfigName: 'many' })),
    );
    expect(error).toBeInstanceOf(ResourceLimitExceeded);
    expect(error.message).toMatch(/'ml\.m5\.large for endpoint usage' is 20 Instances, with current utilization of 0/);
  });

  test('somebody who may not, on the control plane or on the data plane', async () => {
    await using sageMaker = await given();
    const deny = (service: string, operation: string) =>
      sageMaker.account.control({ type: 'set-permission', service, operation, isAllowed: false });
    await deny('sagemaker', 'DescribeEndpoint');
    expect(await refusal(sageMaker.client().send(new DescribeEndpointCommand({ EndpointName: 'digits' })))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'is not authorized to perform: sagemaker:DescribeEndpoint on resource: arn:aws:sagemaker:us-east-1:111122223333:endpoint/digits',
      ),
    });
    await sageMaker.invoke('digits');
    await deny('sagemaker-runtime', 'InvokeEndpoint');
    expect(await refusal(sageMaker.invoke('digits'))).toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('a caller above the rate, of one region', async () => {
    await using sageMaker = await given();
    const quota = { type: 'set-quota', service: 'sagemaker', region: EAST } as const;
    await sageMaker.account.control({ ...quota, requestsPerS: 0.001 });
    const describe = (region: string) => sageMaker.client(region).send(new DescribeEndpointCommand({ EndpointName: 'digits' }));
    await describe(EAST);
    expect(await refusal(describe(EAST))).toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    await describe(WEST);
    await sageMaker.account.control({ ...quota, requestsPerS: null });
    await describe(EAST);
  });
});
