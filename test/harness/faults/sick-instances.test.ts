import { describe, expect, it } from 'vitest';
import { bindFault } from '../../../harness/faults/bind.ts';
import { findFaultKind } from '../../../harness/faults/index.ts';
import { awsCompute, awsEast, effectOf, problemsOf } from '../../support/faults.ts';

const endpoint = { ...awsEast, hasSpotInstances: 'by-design' as const };

describe('sick instances', () => {
  it('are a share of those of an endpoint, until the fault ends', () => {
    expect(effectOf('sick-instances', { share: '50%', errors: '20%', slowdown: 3 }).provider?.(endpoint)).toEqual({
      onStart: [
        {
          type: 'degrade-instances',
          region: 'us-east-1',
          service: 'sagemaker-runtime',
          share: 0.5,
          slowdown: 3,
          errorShare: 0.2,
        },
      ],
      onEnd: [
        { type: 'degrade-instances', region: 'us-east-1', service: 'sagemaker-runtime', share: 0, slowdown: 1, errorShare: 0 },
      ],
    });
  });

  it('are those of a scenario, not of an open cloud', () => {
    const fault = {
      name: 'sick',
      kind: 'sick-instances',
      targets: ['aws'],
      atMs: 0,
      forMs: 1000,
      probability: 1,
      settings: findFaultKind('sick-instances')!.settings.parse({}),
    };
    expect(bindFault(fault, 'sim', [endpoint, awsCompute]).links).toEqual([endpoint]);
    expect(() => bindFault(fault, 'live', [awsCompute])).toThrow('matches no link');
  });

  it('have something wrong with them', () => {
    expect(problemsOf('sick-instances', { errors: '0%' })).toEqual([
      ': nothing is wrong with them: expected errors above 0%, or a slowdown above 1',
    ]);
    expect(problemsOf('sick-instances', { errors: '0%', slowdown: 5 })).toEqual([]);
  });
});
