import { describe, expect, it } from 'vitest';
import { SquallError } from '../../../harness/errors.ts';
import { bindFault } from '../../../harness/faults/bind.ts';
import { findFaultKind } from '../../../harness/faults/index.ts';
import type { Fault } from '../../../harness/faults/kind.ts';
import type { ServiceLink } from '../../../harness/topology/link.ts';
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

  it.each(['live', 'sim'] as const)('refuses a scenario, which has predictions alone, for the same reason in %s', (world) => {
    expect(refusal(fault('*'), world, links)).toContain(
      'nothing that it targets has spot instances, which stand in the regions of a service of compute. The topology of this scenario has none:',
    );
  });
});
