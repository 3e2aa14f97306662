import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bindFault } from '../../../harness/faults/bind.ts';
import { faultKinds, findFaultKind } from '../../../harness/faults/index.ts';
import type { NodeLink } from '../../../harness/topology/link.ts';
import { awsCompute, awsEast, links } from '../../support/faults.ts';
import { linkWith } from '../../support/wire.ts';

/** Kinds that need TLS find it here; scenarios' own links have none. */
const overTls = linkWith({ isTls: true });

/** As `linksOf` has endpoints of a scenario. */
const endpoint = {
  ...awsEast,
  id: 'aws/us-east-2/sagemaker-runtime',
  region: 'us-east-2',
  hasSpotInstances: 'by-design' as const,
};

/** Everything here is read off the index: a new kind is checked by being listed. */
const node = (kind: string, region: string, role: NodeLink['role']): NodeLink => ({
  id: `stack/${region}/${kind}`,
  provider: 'stack',
  region,
  service: kind,
  role,
  kind,
  rttMs: 1,
});
const keys = linkWith({ id: 'aws/us-east-1/kms', service: 'kms', role: 'key' });
const timed = linkWith({ id: 'aws/us-east-1/timed', service: 'timed', hasClock: true });
const nodes = [
  node('registry', 'us-east', 'service'),
  node('registry', 'eu-west', 'service'),
  node('queue', 'us-east', 'service'),
  node('data', 'us-east', 'service'),
  node('identity', 'us-east', 'service'),
  node('worker', 'us-east', 'process'),
  node('container', 'us-east', 'tcp'),
];

describe.each(faultKinds)('the fault kind $kind', (kind) => {
  it('is found by its name, which is its file name too', () => {
    expect(kind.kind).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(findFaultKind(kind.kind)).toBe(kind);
    expect(readdirSync(new URL('../../../harness/faults', import.meta.url))).toContain(`${kind.kind}.ts`);
  });

  it('says what it does in one sentence', () => {
    expect(kind.summary).toMatch(/^[A-Z].*\.$/);
  });

  it('has settings with one-line help, and works without any being given', () => {
    const { properties = {} } = z.toJSONSchema(kind.settings, { io: 'input' });
    for (const [name, schema] of Object.entries(properties)) {
      const description = typeof schema === 'object' ? schema.description : undefined;
      expect(description, name).toMatch(/^[A-Z][^\n]+\.$/);
    }
    expect(kind.settings.safeParse({}).error).toBeUndefined();
  });

  it('takes no setting that it does not know', () => {
    expect(kind.settings.safeParse({ bananas: 3 }).success).toBe(false);
  });

  it('has an effect in at least one world, on some link', () => {
    const worlds = (['live', 'sim'] as const).filter((world) => kind[world]);
    expect(worlds).not.toEqual([]);
    for (const world of worlds) {
      const fault = {
        name: 'f',
        kind: kind.kind,
        targets: [nodes.some((one) => kind.appliesTo?.(one)) ? 'stack' : '*'],
        atMs: 0,
        forMs: 1000,
        probability: 1,
        settings: kind.settings.parse({}),
      };
      expect(
        bindFault(fault, world, [...links, endpoint, overTls, awsCompute, ...nodes, timed, keys]).links.length,
      ).toBeGreaterThan(0);
    }
  });
});

it('the index names each kind once', () => {
  expect(new Set(faultKinds.map(({ kind }) => kind)).size).toBe(faultKinds.length);
  expect(findFaultKind('solar-flare')).toBeUndefined();
});
