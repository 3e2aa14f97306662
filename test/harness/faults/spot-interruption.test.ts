import { describe, expect, it } from 'vitest';
import { SquallError } from '../../../harness/errors.ts';
import { bindFault } from '../../../harness/faults/bind.ts';
import { findFaultKind } from '../../../harness/faults/index.ts';
import type { Fault } from '../../../harness/faults/kind.ts';
import type { Topology } from '../../../harness/scenario/scenario.ts';
import type { ServiceLink } from '../../../harness/topology/link.ts';
import { linksOf } from '../../../harness/topology/links.ts';
import { awsCompute, awsEast, effectOf, links, problemsOf } from '../../support/faults.ts';

const fault = (...targets: readonly string[]): Fault => ({
  name: 'reclaim',
  kind: 'spot-interruption',
  targets,
  atMs: 0,
  forMs: 1000,
  probability: 1,
  settings: findFaultKind('spot-interruption')!.settings.parse({}),
});

const topology: Topology = {
  gatewayRegion: 'us-east',
  regions: [
    {
      provider: 'aws',
      region: 'us-east-1',
      rttMs: 5,
      instanceType: 'ml.g4dn.xlarge',
      instanceUsdPerHour: 0.7364,
      capacity: { serviceTimeMs: 20, serviceTimeSigma: 0, concurrency: 8, queueLimit: 64 },
    },
  ],
};

const refusal = (given: Fault, world: 'live' | 'sim', all: readonly ServiceLink[]): string => {
  try {
    bindFault(given, world, all);
  } catch (error) {
    if (error instanceof SquallError) return `${error.message} ${error.remedy}`;
  }
  throw new Error('bindFault did not refuse');
};

describe('a spot interruption', () => {
  it("takes the region's instances once, after the cloud's own notice, and gives none back", () => {
    expect(effectOf('spot-interruption').provider?.(awsCompute)).toEqual({
      onStart: [{ type: 'interrupt-instances', region: 'us-east-1' }],
      onEnd: [],
    });
  });

  it('takes them after another notice, when it is told one', () => {
    expect(effectOf('spot-interruption', { notice: '5s' }).provider?.(awsCompute).onStart).toEqual([
      { type: 'interrupt-instances', region: 'us-east-1', noticeMs: 5000 },
    ]);
    expect(problemsOf('spot-interruption', { notice: 5 })).toHaveLength(1);
  });

  it('finds the compute among all that a target matches', () => {
    expect(bindFault(fault('aws/us-east-1'), 'live', [...links, awsCompute]).links).toEqual([awsCompute]);
    expect(effectOf('spot-interruption').provider?.(awsEast)).toEqual({ onStart: [], onEnd: [] });
  });

  it('refuses a target that has no instances, and says what could be targeted', () => {
    expect(refusal(fault('google'), 'live', [...links, awsCompute])).toBe(
      'Fault reclaim: nothing that it targets has spot instances, which stand in the regions of a service of compute. It could match: aws/us-east-1/ec2.',
    );
  });

  it.each(['live', 'sim'] as const)('has no spot capacity in the regions of a scenario while it lasts, in %s', (world) => {
    const { links: bound, effect } = bindFault(fault('aws/us-east-1'), world, linksOf(topology));
    expect(bound.map(({ id }) => id)).toEqual(['aws/us-east-1/sagemaker-runtime']);
    expect(effect.provider?.(bound[0]!)).toEqual({
      onStart: [
        { type: 'set-spot-capacity', region: 'us-east-1', availableAfterMs: null },
        { type: 'interrupt-instances', region: 'us-east-1' },
      ],
      onEnd: [{ type: 'set-spot-capacity', region: 'us-east-1', availableAfterMs: 0 }],
    });
  });

  it('says in a scenario what could be targeted there', () => {
    expect(refusal(fault('google'), 'sim', linksOf(topology))).toContain(
      'has spot instances, which stand behind the endpoints of a scenario. It could match: aws/us-east-1/sagemaker-runtime.',
    );
  });

  it('takes a share of a region of a scenario, and gives capacity back sooner, when it is told so', () => {
    const [endpoint] = linksOf(topology);
    expect(effectOf('spot-interruption', { share: '50%', crunch: '3s', notice: '1s' }).provider?.(endpoint!).onStart).toEqual([
      { type: 'set-spot-capacity', region: 'us-east-1', availableAfterMs: 3000 },
      { type: 'interrupt-instances', region: 'us-east-1', noticeMs: 1000, share: 0.5 },
    ]);
  });

  it('refuses what only a scenario has where a cloud is meant', () => {
    const given = { ...fault('aws'), settings: findFaultKind('spot-interruption')!.settings.parse({ share: '50%' }) };
    expect(refusal(given, 'live', [awsCompute])).toContain('`share` is for the endpoints of a scenario');
  });
});
