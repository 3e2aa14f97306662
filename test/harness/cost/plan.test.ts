import { describe, expect, it } from 'vitest';
import { emulatorConfig, gatewayConfig } from '../../../harness/world/live/endpoints.ts';
import type { ProviderName } from '../../../mocks/emulator.ts';
import { explorablePlan } from '../../support/explore.ts';

const access = {
  credential: { provider: 'aws', accessKeyId: 'id', secretAccessKey: 'secret' },
  secretStoreToken: 'token',
} as const;
const accesses = new Map<ProviderName, typeof access>([
  ['aws', access],
  ['google', access],
  ['azure', access],
]);

/** Six regions: two of AWS, the first and the fourth. */
const told = (design: object, billing?: 'by-use') => {
  const { topology, ...rest } = explorablePlan({ design }).scenario;
  const regions = billing ? topology.regions.map((region) => ({ ...region, billing })) : topology.regions;
  const plan = { ...explorablePlan({ design }), scenario: { ...rest, topology: { ...topology, regions } } };
  return {
    links: gatewayConfig(plan, accesses, (id) => `http://${id}.test`).links,
    aws: emulatorConfig(plan, 'aws', access).regions,
  };
};

describe('what both worlds are told of a design’s size', () => {
  it('gives the gateway a link to each region that is deployed to, and the emulators what stands there', () => {
    const { links, aws } = told({ sizing: { regions: 3, instances: 2, standbyInstances: 1 } });
    expect(links.map(({ id, concurrency }) => [id, concurrency])).toEqual([
      ['aws/us-east-1/sagemaker-runtime', 16],
      ['google/us-east4/aiplatform', 8],
      ['azure/eastus/ml-online-endpoint', 8],
    ]);
    expect(aws.map(({ region, billing }) => [region, billing?.instances])).toEqual([
      ['us-east-1', 2],
      ['us-west-2', 0],
    ]);
  });

  it('tells both the same prices', () => {
    const { links, aws } = told({ sizing: { instanceClass: 'cpu', market: 'spot' } }, 'by-use');
    expect(links[0]).toMatchObject({ instanceType: 'ml.c5.2xlarge', serviceTimeMs: 60, billing: aws[0]!.billing });
    expect(links[0]!.listUsdPerHour).toBe(aws[0]!.instanceUsdPerHour);
    expect(links[0]!.billing?.mode).toBe('by-use');
  });
});
