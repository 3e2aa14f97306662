import { expect, it } from 'vitest';
import type { ScenarioContainer } from '../../../../harness/scenario/scenario.ts';
import { containerEnvironment } from '../../../../harness/sut/environment/containers.ts';
import { containersOf } from '../../../../harness/topology/container-placements.ts';

const container = (name: string, awsServices: ScenarioContainer['awsServices'] = []): ScenarioContainer => ({
  name,
  rttMs: 1,
  isHttp: awsServices.length > 0,
  awsServices,
  source: { type: 'url', origin: 'http://127.0.0.1:5000' },
});
const told = (...containers: readonly ScenarioContainer[]) =>
  containerEnvironment(containersOf({ gatewayRegion: 'us-east', regions: [], containers }), (id) =>
    id.endsWith('my-cache') ? 'redis://127.0.0.1:21001' : 'http://127.0.0.1:21002',
  );

it('tells of each container its address and its URL, and SDKs nothing of AWS where there is none', () => {
  expect(told(container('my-cache'))).toEqual({
    SQUALL_ADDRESS_MY_CACHE: '127.0.0.1:21001',
    SQUALL_URL_MY_CACHE: 'redis://127.0.0.1:21001',
  });
});

it('tells SDKs of the services of AWS that are there, and of no other', () => {
  const variables = told(container('aws', ['s3', 'secretsmanager']));
  expect(variables).toMatchObject({
    SQUALL_ADDRESS_AWS: '127.0.0.1:21002',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:21002',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:21002',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_REGION: 'us-east-1',
  });
  expect(Object.keys(variables).filter((name) => name.startsWith('AWS_ENDPOINT_URL'))).toHaveLength(2);
});
