import { Sha256 } from '@aws-crypto/sha256-js';
import { CreateTagsCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListModelsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Recorded, record, toRequest } from '../../conformance/recorder.ts';
import { sigv4Parts, tampered } from '../../conformance/tamper.ts';
import { mountAwsCloud } from '../../support/aws-cloud.ts';

const RUNS = 150;
const SERVICES = ['ec2', 'sts', 'sagemaker'] as const;

type Cloud = Awaited<ReturnType<typeof given>>;

/** An account whose endpoints keep what they are asked. */
const given = async () => {
  const recorders = new Map<string, ReturnType<typeof record>>();
  const cloud = await mountAwsCloud({
    before(fetch, service) {
      // Of each service the first that is mounted is the eastern one.
      const recorder = record(fetch);
      if (!recorders.has(service)) recorders.set(service, recorder);
      return recorder.handler;
    },
  });
  return { ...cloud, recorders, [Symbol.asyncDispose]: cloud[Symbol.asyncDispose] };
};

const CALLS: Readonly<Record<(typeof SERVICES)[number] | 's3', (cloud: Cloud) => Promise<unknown>>> = {
  ec2: (cloud) =>
    new EC2Client(cloud.options('ec2')).send(
      new RunInstancesCommand({ ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
    ),
  sts: (cloud) =>
    new STSClient(cloud.options('sts')).send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/squall-workload', RoleSessionName: 'tests' }),
    ),
  sagemaker: (cloud) => new SageMakerClient(cloud.options('sagemaker')).send(new ListModelsCommand({ NameContains: 'dig' })),
  s3: (cloud) => new S3Client({ ...cloud.options('s3'), forcePathStyle: true }).send(new ListBucketsCommand({})),
};

describe('a request that an official SDK signed', () => {
  test.each(SERVICES)('is refused by %s with any byte of signature, signed header, body or path changed', async (service) => {
    await using cloud = await given();
    await CALLS[service](cloud);
    const recorder = cloud.recorders.get(service);
    const request = recorder?.requests[0];
    if (!recorder || !request) throw new Error(`${service} was asked nothing`);
    const origin = cloud.originOf(service);
    const send = (recorded: Recorded) => recorder.handler(toRequest(recorded, origin));
    expect((await send(request)).status).toBe(200);
    // Without a limit: here it is the signature that must refuse.
    await cloud.account.control({ type: 'set-quota', service, region: '*', requestsPerS: 1_000_000 });
    await fc.assert(
      fc.asyncProperty(tampered(request, sigv4Parts(request)), async ({ request: changed, what }) => {
        const { status } = await send(changed);
        expect(status, what).toBeGreaterThanOrEqual(400);
        expect(status, what).toBeLessThan(500);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([...SERVICES, 's3'] as const)('is refused by %s with an x-amz- header more than it signs', async (service) => {
    await using cloud = await given();
    await CALLS[service](cloud);
    const recorder = cloud.recorders.get(service);
    const request = recorder?.requests[0];
    if (!recorder || !request) throw new Error(`${service} was asked nothing`);
    await cloud.account.control({ type: 'set-quota', service, region: '*', requestsPerS: 1_000_000 });
    const name = fc.constantFrom('x-amz-target', 'x-amz-acl', 'x-amz-meta-a', 'x-amz-tagging', 'x-amz-checksum-crc32');
    await fc.assert(
      fc.asyncProperty(name, fc.constantFrom('', 'SageMaker.ListModels', 'private'), async (added, value) => {
        fc.pre(request.headers[added] === undefined);
        const headers = { ...request.headers, [added]: value };
        const answer = await recorder.handler(toRequest({ ...request, headers }, cloud.originOf(service)));
        expect(answer.ok).toBe(false);
        expect(await answer.text()).toMatch(/AuthFailure|InvalidSignatureException|SignatureDoesNotMatch|HeadersNotSigned/);
      }),
      { numRuns: RUNS },
    );
  });

  test('asks for nothing that is said in a header beside those signed', async () => {
    await using cloud = await given();
    const { hostname, host } = new URL(cloud.originOf('sagemaker'));
    const { credentials } = cloud.options('sagemaker');
    const signer = new SignatureV4({
      service: 'sagemaker',
      region: 'us-east-1',
      credentials,
      sha256: Sha256,
      applyChecksum: false,
    });
    const headers = { host, 'content-type': 'application/x-amz-json-1.1' };
    const toSign = { method: 'POST', protocol: 'http:', hostname, path: '/', headers, body: '{}' };
    const signed = await signer.sign(toSign);
    const answer = await fetch(cloud.originOf('sagemaker'), {
      method: 'POST',
      headers: { ...signed.headers, 'x-amz-target': 'SageMaker.ListModels' },
      body: '{}',
    });
    // Protocol JSON 1.1 has 400 for all of the caller's mistakes.
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.json()).toMatchObject({ __type: 'InvalidSignatureException' });
  });

  test('is accepted, whatever it says', async () => {
    await using cloud = await given();
    await cloud.account.control({ type: 'set-quota', service: 'ec2', region: '*', requestsPerS: 1_000_000 });
    const client = new EC2Client(cloud.options('ec2'));
    const launched = await client.send(
      new RunInstancesCommand({ ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
    );
    const Resources = [launched.Instances?.[0]?.InstanceId ?? ''];
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, async (Value) => {
        const { $metadata } = await client.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'anything', Value }] }));
        expect($metadata.httpStatusCode).toBe(200);
      }),
      { numRuns: 120 },
    );
  });
});
