import { describe, expect, it } from 'vitest';
import { SquallError } from '../../../harness/errors.ts';
import { bindFault } from '../../../harness/faults/bind.ts';
import { findFaultKind } from '../../../harness/faults/index.ts';
import type { Fault } from '../../../harness/faults/kind.ts';
import type { Link } from '../../../harness/topology/link.ts';
import { awsEast, awsWest, googleToken, links } from '../../support/faults.ts';

const fault = (
  kind: string,
  targets: readonly string[],
  settings: Readonly<Record<string, unknown>> = {},
  probability = 1,
): Fault => ({
  name: 'storm',
  kind,
  targets,
  atMs: 0,
  forMs: 1000,
  probability,
  settings: findFaultKind(kind)!.settings.parse(settings),
});

const refusal = (given: Fault, among: readonly Link[] = links): SquallError => {
  try {
    bindFault(given, 'live', among);
  } catch (error) {
    if (error instanceof SquallError) return error;
  }
  throw new Error('bindFault did not refuse');
};

describe('binding a fault to a topology', () => {
  it('finds the links that a target matches, of the role that the kind acts on', () => {
    expect(bindFault(fault('region-outage', ['aws']), 'live', links).links).toEqual([awsEast, awsWest]);
  });

  it('lists a link once, however many targets match it, in the order of the topology', () => {
    expect(bindFault(fault('region-outage', ['aws/us-west-2', 'aws/*', '*/us-east-1']), 'live', links).links).toEqual([
      awsEast,
      awsWest,
    ]);
  });

  it('leaves out links that the settings do not act on', () => {
    const bound = bindFault(fault('credential-revocation', ['google'], { mode: 'token-endpoint-down' }), 'live', links);
    expect(bound.links).toEqual([googleToken]);
  });

  it('refuses a target that matches nothing, and names it and what could match', () => {
    const error = refusal(fault('region-outage', ['aws/us-east-1', 'aws/mars-north-1']));
    expect(error.code).toBe('BAD_SCENARIO');
    expect(error.message).toBe(
      'Fault storm: target aws/mars-north-1 matches no link that region-outage with these settings acts on.',
    );
    expect(error.remedy).toBe(
      'It could match: aws/us-east-1/sagemaker-runtime, aws/us-west-2/sagemaker-runtime, google/us-central1/aiplatform, azure/eastus/ml-online-endpoint.',
    );
  });

  it('of many links names the nearest, written as the target is', () => {
    const many = ['aws', 'azure', 'google'].flatMap((provider) =>
      ['us-east-1', 'eu-west-1', 'eu-central-1'].flatMap((region) =>
        ['vision', 'language'].map((service) => ({
          ...awsEast,
          id: `${provider}/${region}/${service}`,
          provider,
          region,
          service,
        })),
      ),
    ) as (typeof awsEast)[];
    const remedyOf = (target: string) => refusal(fault('region-outage', [target]), many).remedy;
    expect(remedyOf('azzure')).toBe('Nearest: azure, aws, google.');
    expect(remedyOf('azure/us-esat-1')).toMatch(/^Nearest: azure\/us-east-1, (?:[^,]+, ){4}[^,]+\.$/);
    expect(remedyOf('*/*/vison')).toBe('Nearest: */*/vision, */*/language.');
  });

  it('refuses a credential revocation in one region, since a credential belongs to the whole provider', () => {
    expect(refusal(fault('credential-revocation', ['google/us-central1'])).remedy).toContain('google/global/secretmanager');
  });

  it('refuses a provider that has no token endpoint for one that is down', () => {
    expect(refusal(fault('credential-revocation', ['aws'], { mode: 'token-endpoint-down' })).message).toContain(
      'target aws matches no link',
    );
  });

  it.each([
    ['region-outage', { mode: 'refuse' }],
    ['cost-spike', {}],
    ['throttling', {}],
  ])('refuses a probability below 1 for %s %o, which cannot be done to a share of requests', (kind, settings) => {
    const error = refusal(fault(kind, ['aws'], settings, 0.3));
    expect(error.code).toBe('BAD_SCENARIO');
    expect(error.message).toContain('probability 0.3 cannot be kept');
  });

  it('refuses to pick requests for a kind that acts on whole connections', () => {
    const error = refusal({ ...fault('region-outage', ['aws'], { mode: 'refuse' }), requests: { first: 3 } });
    expect(error.message).toContain('requests cannot be kept');
    expect(error.remedy).toContain('Leave `requests` out');
  });

  it.each([
    ['region-outage', { mode: 'partial' }],
    ['region-outage', { mode: 'http-5xx' }],
    ['latency-spike', {}],
    ['error-burst', {}],
  ])('keeps a probability below 1 for %s %o, which acts on single requests', (kind, settings) => {
    expect(bindFault(fault(kind, ['aws'], settings, 0.3), 'live', links).fault.probability).toBe(0.3);
  });
});
