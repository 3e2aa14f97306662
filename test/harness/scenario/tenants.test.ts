import { describe, expect, it } from 'vitest';
import { resolveScenario } from '../../../harness/scenario/resolve.ts';

const content = (load: object, expect: object = { all: { availability: { min: '1%' } } }) => ({
  topology: { regions: ['aws/us-east-1'] },
  load: { rate: '100/s', ...load },
  duration: '10s',
  expect,
});

const tenantsOf = (load: object) => resolveScenario(content(load), 'tenants').scenario?.load.tenants;
const problemsOf = (load: object, expect?: object) =>
  (resolveScenario(content(load, expect), 'tenants').problems ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);

describe('the tenants of a scenario', () => {
  it('have the shares that they say, and evenly what is left', () => {
    expect(tenantsOf({ tenants: [{ name: 'a', share: '50%', priority: 'critical' }, { name: 'b' }, { name: 'c' }] })).toEqual([
      { name: 'a', share: 0.5, priority: 'critical' },
      { name: 'b', share: 0.25, priority: 'default' },
      { name: 'c', share: 0.25, priority: 'default' },
    ]);
  });

  it.each([
    [
      {
        tenants: [
          { name: 'a', share: '60%' },
          { name: 'b', share: '60%' },
        ],
      },
      'load.tenants their shares add up to 120%',
    ],
    [{ tenants: [{ name: 'a', share: '60%' }] }, 'load.tenants their shares add up to 60%; expected 100%'],
    [{ tenants: [{ name: 'a', share: '100%' }, { name: 'b' }] }, 'load.tenants their shares add up to 100%, and 1 have none'],
    [{ tenants: [{ name: 'a' }, { name: 'a' }] }, 'load.tenants.1.name "a" is the name of another tenant'],
    [
      { tenants: [{ name: 'a', bursts: [{ at: '20s', for: '1s', multiplier: 2 }] }] },
      'load.tenants.0.bursts.0.at the burst starts after',
    ],
    [
      { tenants: [{ name: 'a', bursts: [{ at: '1s', for: '1s', add: '4990/s' }] }, { name: 'b' }] },
      'load.tenants may take the load to 5090 a second',
    ],
    [
      { rate: undefined, connections: 5, tenants: [{ name: 'a', bursts: [{ at: '1s', for: '1s', multiplier: 2 }] }] },
      'load.tenants.0.bursts have no effect without a rate',
    ],
  ])('are refused when they cannot be: %j', (load, problem) => {
    expect(problemsOf(load)).toContainEqual(expect.stringContaining(problem));
  });
});

describe('the residency of a tenant', () => {
  const tenants = [{ name: 'clinic', residency: 'EU' }, { name: 'shop' }];
  const inEurope = (more: object = {}) => ({
    topology: { gateway: 'eu-west', regions: ['aws/eu-west-1'] },
    load: { rate: '100/s', tenants },
    duration: '10s',
    expect: { all: { availability: { min: '1%' } } },
    ...more,
  });
  const problems = (more: object) =>
    (resolveScenario(inEurope(more), 'held').problems ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);

  it('is a jurisdiction, and what lets data go further; no data may stray then, said or not', () => {
    const { scenario } = resolveScenario(inEurope(), 'held');
    expect(scenario?.load.tenants?.[0]?.residency).toEqual({ within: 'EU', transfers: [] });
    expect(scenario?.topology.regions[0]?.country).toBe('IE');
    expect(scenario?.expectations).toContainEqual({ phase: 'all', metric: 'residencyViolations', max: 0 });
    const said = resolveScenario(inEurope({ expect: { all: { residencyViolations: { max: 3 } } } }), 'held').scenario;
    expect(said?.expectations).toEqual([{ phase: 'all', metric: 'residencyViolations', max: 3 }]);
  });

  it.each([
    [
      { topology: { gateway: 'us-east', regions: ['aws/eu-west-1'] } },
      'load.tenants.0.residency the data of clinic has to stay in EU, and the gateway in us-east stands in US',
    ],
    [
      { topology: { gateway: 'eu-west', regions: [{ region: 'aws/eu-north-1', rtt: '20ms', usdPerHour: 1 }] } },
      'topology.regions.0 nobody knows where aws/eu-north-1 stands',
    ],
    [
      { load: { rate: '100/s', inputs: 3, tenants } },
      'load.inputs 3 are too few for 1 tenants with inputs of their own; expected 4',
    ],
    [{ load: { rate: '100/s', tenants: [{ name: 'a', residency: 'Europe' }] } }, "a country's code"],
    [{ load: { rate: '100/s', tenants: [{ name: 'a', residency: { within: 'EU', transfers: ['adequate'] } }] } }, 'adequacy'],
    [
      { load: { rate: '100/s' }, expect: { all: { residencyViolations: { max: 0 } } } },
      'expect.all.residencyViolations residencyViolations is about data that has to stay somewhere',
    ],
  ])('is refused when it cannot be: %j', (more, problem) => {
    expect(problems(more)).toContainEqual(expect.stringContaining(problem));
  });

  it('takes the country of a region that the table has not', () => {
    const regions = [{ region: 'aws/eu-north-1', rtt: '20ms', usdPerHour: 1, country: 'SE' }];
    expect(problems({ topology: { gateway: 'eu-west', regions } })).toEqual([]);
  });
});

describe('expectations on tenants, priorities and bursts', () => {
  const load = {
    tenants: [{ name: 'calm' }, { name: 'noisy', bursts: [{ name: 'noise', at: '2s', for: '1s', multiplier: 2 }] }],
  };

  it('name phases of bursts, and tenants of the load', () => {
    const { scenario } = resolveScenario(
      content(load, {
        noise: { shedShare: { max: '50%' }, tenants: { calm: { availability: { min: '99%' } } } },
        all: { priorities: { critical: { p50: { max: '1s' } } } },
      }),
      'groups',
    );
    expect(scenario?.expectations).toEqual([
      { phase: 'noise', metric: 'shedShare', max: 0.5 },
      { phase: 'noise', metric: 'availability', min: 0.99, group: { tenant: 'calm' } },
      { phase: 'all', metric: 'p50', max: 1000, group: { priority: 'critical' } },
    ]);
  });

  it.each([
    [{ noise: { tenants: { clam: { availability: { min: '1%' } } } } }, 'clam'],
    [{ noise: { tenants: { calm: { costPer1k: { max: 1 } } } } }, 'costPer1k cannot be told of some of the requests'],
    [{ din: { availability: { min: '1%' } } }, 'din'],
  ])('are refused of what there is not: %j', (expectations, problem) => {
    expect(problemsOf(load, expectations)).toContainEqual(expect.stringContaining(problem));
  });

  it('want a name for each phase', () => {
    const burst = { name: 'recovery', at: '2s', for: '1s', multiplier: 2 };
    expect(problemsOf({ bursts: [burst] })).toContainEqual(expect.stringContaining('names another phase already'));
  });
});
