import { describe, expect, it } from 'vitest';
import type { Topology, TopologyRegion } from '../../../harness/scenario/scenario.ts';
import { linksOf } from '../../../harness/topology/links.ts';

const region = (provider: TopologyRegion['provider'], name: string, rttMs: number): TopologyRegion => ({
  provider,
  region: name,
  rttMs,
  instanceType: 'x',
  instanceUsdPerHour: 1,
  capacity: { serviceTimeMs: 10, serviceTimeSigma: 0, concurrency: 1, queueLimit: 1 },
});

const topology: Topology = {
  gatewayRegion: 'us-east',
  regions: [region('google', 'us-central1', 29), region('aws', 'us-east-1', 1), region('google', 'us-east4', 3)],
};

describe('the links of a topology', () => {
  const links = linksOf(topology);

  it("begin with the inference links, in the topology's order", () => {
    expect(links.filter(({ role }) => role === 'inference').map(({ id, rttMs }) => [id, rttMs])).toEqual([
      ['google/us-central1/aiplatform', 29],
      ['aws/us-east-1/sagemaker-runtime', 1],
      ['google/us-east4/aiplatform', 3],
    ]);
    expect(links.slice(0, 3).every(({ role }) => role === 'inference')).toBe(true);
  });

  it('reach a global service once, as near as the nearest region', () => {
    expect(links.filter(({ provider, role }) => provider === 'google' && role === 'token')).toEqual([
      { id: 'google/global/oauth2', provider: 'google', region: 'global', service: 'oauth2', role: 'token', rttMs: 3 },
    ]);
  });

  it('have no id twice, and none of a provider that is not there', () => {
    expect(new Set(links.map(({ id }) => id)).size).toBe(links.length);
    expect(links.some(({ provider }) => provider === 'azure')).toBe(false);
  });
});
