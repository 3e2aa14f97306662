import { describe, expect, test } from 'vitest';
import { aws } from '../../../mocks/aws/cloud.ts';
import { openCloud } from '../../../mocks/cloud/cloud.ts';
import { stubModels } from '../../support/model.ts';

const open = () => openCloud(aws, { models: stubModels });

describe('an AWS account', () => {
  test('has an endpoint of every service in every region, and one of those without regions', async () => {
    const { endpoints, regions } = await open();
    expect(regions.length).toBeGreaterThanOrEqual(2);
    for (const { spec } of aws.services) {
      const found = endpoints.filter((endpoint) => endpoint.spec.service === spec.service).map(({ region }) => region);
      expect(found).toEqual(spec.isRegional ? regions : ['global']);
    }
  });

  test('has secrets that no other has', async () => {
    const [one, other] = [(await open()).account.credential, (await open()).account.credential];
    expect(one.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(one.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
    for (const part of Object.keys(one)) expect(one[part]).not.toBe(other[part]);
  });

  test('says where everything is, for SDKs', async () => {
    const environment = (await open()).environment((service, region) => `http://${service}.${region}`);
    expect(environment).toMatchObject({
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SESSION_TOKEN: expect.stringMatching(/^IQoJb3JpZ2luX2Vj/),
      AWS_ENDPOINT_URL_EC2: 'http://ec2.us-east-1',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: 'http://sagemaker-runtime.us-east-1',
      AWS_ENDPOINT_URL_IAM: 'http://iam.global',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://ec2-metadata.us-east-1',
    });
    expect(Object.keys(environment)).not.toContain('');
  });

  test.each([
    ['a service that is not there', { type: 'set-quota', service: 'lambda', region: '*', requestsPerS: 1 }],
    ['a region that is not used', { type: 'set-quota', service: 'ec2', region: 'ap-south-1', requestsPerS: 1 }],
    ['an operation that is not there', { type: 'set-permission', service: 'ec2', operation: 'RunAway', isAllowed: false }],
    ['instances of a region that is not used', { type: 'interrupt-instances', region: 'ap-south-1' }],
  ] as const)('takes no command for %s', async (_, command) => {
    const { account } = await open();
    await expect(account.control(command)).rejects.toThrow(TypeError);
  });
});
