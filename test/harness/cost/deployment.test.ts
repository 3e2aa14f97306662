import { describe, expect, it } from 'vitest';
import { deploymentOf } from '../../../harness/cost/deployment.ts';
import type { TopologyRegion } from '../../../harness/scenario/scenario.ts';
import { applyPatch, type DesignPatch } from '../../../harness/serving/design/patch.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';

const east: TopologyRegion = {
  provider: 'aws',
  region: 'us-east-1',
  rttMs: 1,
  instanceType: 'ml.g4dn.xlarge',
  instanceUsdPerHour: 0.7364,
  capacity: { serviceTimeMs: 20, serviceTimeSigma: 0.25, concurrency: 8, queueLimit: 64 },
};

const deployed = (patch: DesignPatch = {}, region = east, index = 0) =>
  deploymentOf(region, index, applyPatch(referenceDesign, patch));

describe('what a design has in a region', () => {
  it('given nothing said, is one provisioned instance of the topology’s own kind', () => {
    expect(deployed()).toMatchObject({
      isDeployed: true,
      instanceType: 'ml.g4dn.xlarge',
      instanceUsdPerHour: 0.7364,
      capacity: east.capacity,
      billing: { mode: 'provisioned', instances: 1, egressUsdPerGb: 0.09 },
    });
  });

  it('given more instances, has the slots of all of them, in the first region and in the others', () => {
    const sizing = { instances: 3, standbyInstances: 2 };
    expect(deployed({ sizing }).capacity).toMatchObject({ concurrency: 24, queueLimit: 192, serviceTimeMs: 20 });
    expect(deployed({ sizing }, east, 1)).toMatchObject({ capacity: { concurrency: 16 }, billing: { instances: 2 } });
  });

  it('given fewer regions, has nothing in the others, and pays for nothing there', () => {
    const second = deployed({ sizing: { regions: 1 } }, east, 1);
    expect(second).toMatchObject({ isDeployed: false, billing: { instances: 0, storageUsdPerHour: 0 } });
    expect(deployed({ sizing: { regions: 1 } }, east, 0).isDeployed).toBe(true);
  });

  it('given another class, has the provider’s instance of it, at its price, as slow as it is', () => {
    expect(deployed({ sizing: { instanceClass: 'cpu' } })).toMatchObject({
      instanceType: 'ml.c5.2xlarge',
      instanceUsdPerHour: 0.408,
      capacity: { serviceTimeMs: 60 },
    });
    const cpu = { ...east, instanceType: 'ml.c5.2xlarge', instanceUsdPerHour: 0.408 };
    expect(deployed({ sizing: { instanceClass: 'gpu' } }, cpu).capacity.serviceTimeMs).toBeCloseTo(20 / 3);
    expect(deployed({ sizing: { instanceClass: 'cpu' } }, cpu)).toMatchObject({
      instanceUsdPerHour: 0.408,
      capacity: { serviceTimeMs: 20 },
    });
  });

  it('given another class in a region that the price book lacks, scales the region’s own price', () => {
    const mars = { ...east, region: 'mars-1', instanceUsdPerHour: 7.364 };
    expect(deployed({ sizing: { instanceClass: 'cpu' } }, mars).instanceUsdPerHour).toBeCloseTo(4.08);
  });

  it('given spot, pays the share that spare capacity costs', () => {
    expect(deployed({ sizing: { market: 'spot' } }).instanceUsdPerHour).toBeCloseTo(0.7364 * 0.26);
  });

  it('pays for artifacts by their tier and size, and a fee by the request where the product has one', () => {
    const hot = deployed({ storage: { gb: 10 } }).billing.storageUsdPerHour;
    expect(hot).toBeCloseTo((10 * 0.023) / 730);
    expect(deployed({ storage: { gb: 10, tier: 'archive' } }).billing.storageUsdPerHour).toBeLessThan(hot / 5);
    const google = {
      ...east,
      provider: 'google',
      region: 'us-east4',
      instanceType: 'g2-standard-4',
      billing: 'serverless',
    } as const;
    expect(deployed({}, google).billing).toMatchObject({ mode: 'serverless', usdPerRequest: expect.closeTo(4e-7, 12) });
    expect(deployed({}, { ...google, billing: 'by-use' }).billing.usdPerRequest).toBe(0);
  });
});
