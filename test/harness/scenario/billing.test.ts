import { describe, expect, it } from 'vitest';
import { resolveScenario } from '../../../harness/scenario/resolve.ts';

const withTopology = (topology: object) =>
  resolveScenario(
    { name: 'billed', topology, load: { rate: 10 }, duration: '10s', expect: { all: { costPerHour: { max: 1 } } } },
    'billed',
  );

describe('how the regions of a scenario are billed', () => {
  it('is provisioned where nothing is said', () => {
    const { scenario } = withTopology({ regions: ['aws/us-east-1'] });
    expect(scenario?.topology.regions[0]?.billing).toBe('provisioned');
  });

  it("is the topology's way, or a region's own", () => {
    const regions = ['aws/us-east-1', { region: 'google/us-east4', billing: 'serverless' }];
    const { scenario } = withTopology({ billing: 'by-use', regions });
    expect(scenario?.topology.regions.map(({ billing }) => billing)).toEqual(['by-use', 'serverless']);
  });

  it('is refused when there is no such way', () => {
    const { problems } = withTopology({ billing: 'by-the-yard', regions: ['aws/us-east-1'] });
    expect(problems).toMatchObject([{ path: ['topology', 'billing'], message: expect.stringContaining('provisioned') }]);
  });
});
