import { describe, expect, it } from 'vitest';
import { applyPatch, type DesignPatch } from '../../../harness/serving/design/patch.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';
import { endpointCapacityOf } from '../../../harness/topology/endpoint-capacity.ts';
import type { ProviderName } from '../../../mocks/emulator.ts';

const given = (patch: DesignPatch, { provider = 'aws' as ProviderName, index = 0 } = {}) =>
  endpointCapacityOf(applyPatch(referenceDesign, patch), provider, index, 2, 4);

describe('what stands behind an endpoint', () => {
  it('is the instances of the sizing, when nothing else is said', () => {
    expect(given({})).toEqual({ type: 'instances', slots: 4, instances: 2 });
  });

  it.each([
    ['aws', 'target-tracking'],
    ['google', 'window'],
    ['azure', 'steps'],
  ] as const)('scales by the rule of its provider: %s by %s', (provider, rule) => {
    expect(given({ scaling: { min: 2, max: 6 } }, { provider })).toMatchObject({ scaling: { rule, min: 2, max: 6 } });
  });

  it('takes the maximum where the minimum is above it', () => {
    expect(given({ scaling: { min: 9, max: 3 } })).toMatchObject({ scaling: { min: 3, max: 3 } });
  });

  it('is all on the spot market without a policy that handles it, and what the policy says with it', () => {
    expect(given({ sizing: { market: 'spot' } })).toMatchObject({
      spot: { onDemandBase: 0, drainOnNotice: false, fallsBack: false },
    });
    expect(given({ sizing: { market: 'spot' }, spotHandling: { onDemandBase: 2 } })).toMatchObject({
      spot: { onDemandBase: 2, drainOnNotice: true, fallsBack: true },
    });
    expect(given({ spotHandling: {} })).not.toHaveProperty('spot');
  });

  it.each([
    ['all', ['serverless', 'serverless']],
    ['first', ['serverless', 'instances']],
    ['others', ['instances', 'serverless']],
  ] as const)('is serverless in %s regions', (where, types) => {
    expect([0, 1].map((index) => given({ serverless: { where } }, { index }).type)).toEqual(types);
  });

  it('keeps no more environments warm than it may have', () => {
    expect(given({ serverless: { maxConcurrency: 3, provisionedConcurrency: 10 } })).toMatchObject({ provisionedConcurrency: 3 });
  });
});
