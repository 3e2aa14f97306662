import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SquallError } from '../../../harness/errors.ts';
import { faultKinds } from '../../../harness/faults/index.ts';
import { loadScenario } from '../../../harness/scenario/load-scenario.ts';
import { createScenarioFolder, goodScenario, type ScenarioFolder } from '../../support/scenario-file.ts';

let folder: ScenarioFolder;
beforeAll(() => {
  folder = createScenarioFolder();
});
afterAll(() => folder.remove());

/** What is said of a file, one line a problem, without the folder. */
const complaints = async (text: string, name = 'my.yaml'): Promise<readonly string[]> => {
  const error = await loadScenario(folder.write(name, text)).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(SquallError);
  expect((error as SquallError).code).toBe('BAD_SCENARIO');
  return (error as SquallError).message.replaceAll(`${folder.path}/`, '').split('\n');
};

const spoil = (good: string | RegExp, bad: string): string => {
  const spoiled = goodScenario.replace(good, bad);
  expect(spoiled).not.toBe(goodScenario);
  return spoiled;
};

const CASES: readonly (readonly [what: string, good: string | RegExp, bad: string, complaint: string])[] = [
  ['a misspelt setting', 'title:', 'titel:', '1:1: titel: no setting is called "titel". Did you mean "title"?'],
  ['an unknown gateway', 'us-east\n', 'us-est\n', '3:12: topology.gateway: expected one of us-east, us-west,'],
  ['an unknown provider', '- aws/us-east-1', '- ibm/us-south', '5:7: topology.regions[0]: expected provider/region'],
  [
    'a region without a known round trip',
    '- aws/us-east-1',
    '- aws/us-east-9',
    '5:7: topology.regions[0]: no region is called "aws/us-east-9". Did you mean "aws/us-east-1"?',
  ],
  ['a region twice', 'google/us-east4', 'aws/us-east-1', '6:15: topology.regions[1].region: aws/us-east-1 is listed twice'],
  [
    'an unknown instance type',
    'rtt: 5ms',
    'instance: ml.g5.xlarge',
    '7:17: topology.regions[1].instance: no instance type is called "ml.g5.xlarge". Known: g2-standard-4,',
  ],
  [
    'a region without a known price',
    'google/us-east4',
    'google/us-east9',
    '6:15: topology.regions[1].region: the price book has no g2-standard-4 in us-east9; say usdPerHour',
  ],
  ['a duration without a unit', 'timeout: 2s', 'timeout: 2', '10:12: load.timeout: expected a duration with its unit'],
  ['a rate in another unit', 'rate: 50/s', 'rate: 50/h', '9:9: load.rate: expected a rate per second, such as 50 or 50/s'],
  ['too high a rate', 'rate: 50/s', 'rate: 5001/s', '9:9: load.rate: expected at most 5000 a second'],
  [
    'no load',
    'rate: 50/s',
    'model: digits',
    '9:3: load: expected one of rate, stages, trace (open loop) or connections (closed loop), got none',
  ],
  [
    'two loads',
    'rate: 50/s',
    'rate: 50/s\n  connections: 5',
    '9:3: load: expected one of rate, stages, trace (open loop) or connections (closed loop), got rate and connections',
  ],
  [
    'arrivals of a closed loop',
    'rate: 50/s',
    'connections: 5\n  arrivals: poisson',
    '10:13: load.arrivals: has no effect with connections',
  ],
  [
    'bursts of a closed loop',
    'rate: 50/s',
    'connections: 5\n  bursts: [{ at: 1s, for: 1s, add: 5/s }]',
    '10:11: load.bursts: has no effect with connections',
  ],
  [
    'bursts of a trace',
    'rate: 50/s',
    'trace: { gapsUs: "0 5" }\n  bursts: [{ at: 1s, for: 1s, add: 5/s }]',
    '10:11: load.bursts: has no effect with trace: its bursts are those that were recorded',
  ],
  [
    'a burst that is nothing',
    'rate: 50/s',
    'rate: 50/s\n  bursts: [{ at: 1s, for: 1s }]',
    '10:12: load.bursts[0]: expected one of multiplier or add, got none of them',
  ],
  [
    'a burst of less',
    'rate: 50/s',
    'rate: 50/s\n  bursts: [{ at: 1s, for: 1s, multiplier: 0.5 }]',
    '10:43: load.bursts[0].multiplier: expected more than 1, got 0.5',
  ],
  [
    'bursts that overlap themselves',
    'rate: 50/s',
    'rate: 50/s\n  bursts: [{ at: 1s, for: 1s, every: 1s, add: 9 }]',
    '10:38: load.bursts[0].every: expected longer than the burst itself, 1000ms; got 1000ms',
  ],
  [
    'a burst after the end',
    'rate: 50/s',
    'rate: 50/s\n  bursts: [{ at: 20s, for: 1s, add: 9 }]',
    '10:18: load.bursts[0].at: the burst starts after the timeline ends; expected less than 20s',
  ],
  [
    'a burst across the end',
    'rate: 50/s',
    'rate: 50/s\n  bursts: [{ at: 19s, for: 2s, add: 9 }]',
    '10:28: load.bursts[0].for: the burst lasts to 21s, and the timeline ends at 20s',
  ],
  [
    'bursts that are too high together',
    'rate: 50/s',
    'rate: 1000\n  bursts: [{ at: 1s, for: 2s, multiplier: 4 }, { at: 2s, for: 2s, add: 2000 }]',
    '10:48: load.bursts[1]: takes the load to 6,000 a second at 2s; expected at most 5000',
  ],
  [
    'more bursts than a reader can follow',
    'rate: 50/s',
    'rate: 50/s\n  bursts: [{ at: 0s, for: 1ms, every: 1.5ms, add: 9 }]',
    '10:11: load.bursts: makes 13,334 bursts; expected at most 10,000',
  ],
  ['a trace that is not there', 'rate: 50/s', 'trace: nowhere.csv', '9:3: load.trace.file: nowhere.csv does not exist'],
  ['a trace that is a list', 'rate: 50/s', 'trace: [1, 2]', '9:10: load.trace: expected a trace file, such as arrivals.csv'],
  [
    'a misspelt setting of a trace',
    'rate: 50/s',
    'trace: { file: a.csv, sped: 2 }',
    '9:25: load.trace.sped: no setting is called "sped". Did you mean "speed"?',
  ],
  [
    'a trace without arrivals',
    'rate: 50/s',
    'trace: { speed: 2 }',
    '9:10: load.trace: expected one of file or gapsUs, got none of them',
  ],
  [
    'a unit of what has one',
    'rate: 50/s',
    'trace: { gapsUs: "0 1", unit: s }',
    '9:33: load.trace.unit: has no effect with gapsUs',
  ],
  [
    'gaps that are no numbers',
    'rate: 50/s',
    'trace: { gapsUs: "0 1.5" }',
    '9:20: load.trace.gapsUs: expected whole numbers of microseconds with spaces between; number 2 is "1.5"',
  ],
  [
    'a trace that starts elsewhere',
    'rate: 50/s',
    'trace: { gapsUs: "0 1", from: last }',
    '9:33: load.trace.from: expected first (the first arrival), or a duration',
  ],
  [
    'a trace of other times',
    'rate: 50/s',
    'trace: { gapsUs: "1700000000000000 1" }',
    '9:20: load.trace.gapsUs: the trace has no arrival in the 20s that are played of it from 0s on; the first one is at 1700000000s: ' +
      'expected from: first',
  ],
  [
    'a trace that is over',
    'rate: 50/s',
    'trace: { gapsUs: "0 1000000", from: 2s }',
    '9:20: load.trace.gapsUs: the trace has no arrival in the 20s that are played of it from 2s on; its last one is at 1s',
  ],
  [
    'a trace of too many a second',
    'rate: 50/s',
    `trace: { gapsUs: "${'0 '.repeat(5001)}", speed: 2 }`,
    '9:20: load.trace.gapsUs: the trace makes 5001 requests in the second from 0s of the timeline on; expected at most 5000',
  ],
  [
    'a trace of too many',
    'rate: 50/s',
    'trace: { gapsUs: "0", repeatEvery: 0.001ms }',
    '9:20: load.trace.gapsUs: the trace makes more than 1,000,000 requests',
  ],
  ['a load of nothing', 'rate: 50/s', 'rate: 0', '9:9: load.rate: makes no request'],
  [
    'an unknown model',
    'rate: 50/s',
    'rate: 50/s\n  model: digit',
    '10:10: load.model: expected one of digits, digits-small, got "digit"',
  ],
  ['a long timeline', 'duration: 20s', 'duration: 61m', '12:11: duration: expected at most 1h'],
  [
    'more requests than a run holds',
    /rate: 50\/s([\s\S]*)20s/,
    'rate: 5000/s$11h',
    '9:9: load.rate: makes 18,000,000 requests; expected at most 1,000,000',
  ],
  ['a missing setting', 'duration: 20s\n', '', '1:1: duration: expected a duration with its unit'],
  [
    'an unknown fault kind',
    'kind: region-outage',
    'kind: region-outge',
    '14:11: faults[0].kind: no fault kind is called "region-outge". Did you mean "region-outage"?',
  ],
  ['a fault without a kind', 'kind: region-outage', 'name: outage', '14:5: faults[0].kind: is missing; expected one of '],
  [
    'a fault that is none',
    '- kind: region-outage\n    target: aws/us-east-1\n    at: 5s\n    for: 5s\n    mode: blackhole',
    '- region-outage',
    '14:5: faults[0]: expected a fault',
  ],
  ['a misspelt setting of a fault', 'mode:', 'mod:', '18:5: faults[0].mod: no setting is called "mod". Did you mean "mode"?'],
  ["a setting of a fault's kind that is wrong", 'blackhole', 'blackhol', '18:11: faults[0].mode: expected one of refuse,'],
  [
    'a setting that the mode does not read',
    'mode: blackhole',
    'mode: refuse\n    percent: 20%',
    '19:14: faults[0].percent: has no effect with mode refuse',
  ],
  [
    'a target that finds nothing',
    'target: aws/us-east-1',
    'target: azure',
    '15:13: faults[0].target: Fault region-outage: target azure matches no link',
  ],
  [
    'a target in another form',
    'target: aws/us-east-1',
    'target: [aws, "aws us"]',
    '15:19: faults[0].target[1]: expected a target provider/region/service',
  ],
  ['a fault without a target', 'target: aws/us-east-1\n    at', 'at', '14:5: faults[0].target: is missing; expected a target'],
  [
    'a fault after the end',
    'at: 5s',
    'at: 25s',
    '16:9: faults[0].at: the fault starts after the timeline ends; expected less than 20s',
  ],
  ['a fault over the end', 'for: 5s', 'for: 16s', '17:10: faults[0].for: the fault lasts to 21s, and the timeline ends at 20s'],
  ['a fault of no length', 'for: 5s', 'for: 0s', '17:10: faults[0].for: expected more than 0s'],
  [
    'a share that is none',
    'mode: blackhole',
    'probability: 40',
    '18:18: faults[0].probability: expected a share between 0% and 100%, got 40: did you mean 40%?',
  ],
  [
    'a probability that the kind cannot keep',
    'mode: blackhole',
    'probability: 40%',
    '18:18: faults[0].probability: Fault region-outage:',
  ],
  ['a name that a phase has', 'mode: blackhole', 'name: recovery', '18:11: faults[0].name: "recovery" names a phase already'],
  [
    'a phase that the timeline has not',
    'expect:\n  region-outage:',
    'expect:\n  outage:',
    '22:3: expect.outage: no phase is called "outage". Known: baseline, region-outage, recovery, all.',
  ],
  [
    'a phase without time',
    /at: 5s([\s\S]*)expect:\n {2}region-outage/,
    'at: 0s$1expect:\n  baseline',
    '22:3: expect.baseline: the timeline leaves no time for baseline',
  ],
  ['a steady state without a baseline', 'at: 5s', 'at: 0s', '20:3: steadyState: there is no baseline to hold it in'],
  [
    'an unknown metric',
    'failoverTime:',
    'failovrTime:',
    '24:5: expect.region-outage.failovrTime: no metric is called "failovrTime". Did you mean "failoverTime"?',
  ],
  [
    'a bound in another unit',
    'max: 3s',
    'max: 3',
    '24:26: expect.region-outage.failoverTime.max: expected a duration with its unit',
  ],
  ['a metric without a bound', '{ max: 3s }', '{}', '24:19: expect.region-outage.failoverTime: has neither min nor max'],
  [
    'a minimum above the maximum',
    'min: 90%',
    'min: 90%, max: 80%',
    '23:26: expect.region-outage.availability.min: is greater than max',
  ],
  [
    'an objective of a metric that has none',
    'min: 90%',
    'min: 90%, objective: {}',
    '23:31: expect.region-outage.availability.objective: no setting is called "objective"',
  ],
  [
    'a metric in a phase without it',
    'expect:\n  region-outage:',
    'expect:\n  recovery:',
    '24:19: expect.recovery.failoverTime: failoverTime has no meaning in recovery',
  ],
  ...(['rpo', 'streamLag', 'goodReads'] as const).map(
    (metric) =>
      [
        `${metric}, of which the scenario has nothing`,
        'availability: { min: 90% }',
        `${metric}: { min: 0${metric === 'goodReads' ? '%' : 'ms'} }`,
        `23:${metric.length + 7}: expect.region-outage.${metric}: ${metric} is about a `,
      ] as const,
  ),
  ['no expectation', /expect:[\s\S]*/, 'expect: {}\n', '21:9: expect: nothing is expected, so that no run can fail'],
  [
    'an unknown design',
    'warmup: 1s',
    'defaultDesign: no-failovr',
    '11:16: defaultDesign: no design is called "no-failovr". Did you mean "no-failover"?',
  ],
  [
    'a design by a name that ships',
    'warmup: 1s',
    'designs: { no-failover: {} }',
    '11:12: designs.no-failover: "no-failover" is a design that squall ships',
  ],
  [
    'an unknown policy',
    'warmup: 1s',
    'design: { hedgin: false }',
    '11:11: design.hedgin: no setting is called "hedgin". Did you mean "hedging"?',
  ],
  [
    'a policy that is switched on by true',
    'warmup: 1s',
    'design: { hedging: true }',
    '11:20: design.hedging: expected false, or a mapping with any of after, got true',
  ],
  [
    'a setting of a policy',
    'warmup: 1s',
    'design: { hedging: { after: 100 } }',
    '11:29: design.hedging.after: expected a duration with its unit',
  ],
  ['a name with blanks', 'title: An outage', 'name: An outage', '1:7: name: expected a name of small letters'],
];

describe('a scenario file is refused, with line, column and path,', () => {
  it.each(CASES)('for %s', async (_what, good, bad, complaint) => {
    expect(await complaints(spoil(good, bad))).toContainEqual(expect.stringContaining(`my.yaml:${complaint}`));
  });

  it('with every problem at once, in the order of the file', async () => {
    const lines = await complaints(goodScenario.replace('2s', '2').replace('title', 'titel').replace('blackhole', 'hole'));
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['titel:', 'load.timeout:', 'faults[0].mode:']);
  });

  it('with no more than twenty problems', async () => {
    const lines = await complaints(goodScenario + Array.from({ length: 30 }, (_, index) => `x${index}: 1`).join('\n'));
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('... and 10 more');
  });

  it('when it has more faults than the limit', async () => {
    const fault = '  - { kind: region-outage, target: aws, at: 5s, for: 1s }\n';
    const lines = await complaints(spoil('steadyState', `${fault.repeat(64)}steadyState`));
    expect(lines[0]).toContain('faults: expected at most 64 entries');
  });
});

it('a trace file is complained of with its own line, at the place that names it', async () => {
  folder.write('bad.csv', 'timestamp_ms\n1\n2\nthree\n');
  const inMapping = await complaints(spoil('rate: 50/s', 'trace: { file: bad.csv, speed: 2 }'));
  expect(inMapping).toEqual([
    expect.stringMatching(/^my\.yaml:9:18: load\.trace\.file: bad\.csv:4: the timestamp "three" is no timestamp/),
  ]);
  const asName = await complaints(spoil('rate: 50/s', 'trace: bad.csv'));
  expect(asName).toEqual([expect.stringMatching(/^my\.yaml:9:\d+: load\.trace\.file: bad\.csv:4: /)]);
});

describe('YAML and JSON that cannot be read', () => {
  it('are refused with the place of each mistake', async () => {
    expect((await complaints('title: x\nload: [1\n'))[0]).toMatch(/^my\.yaml:\d+:\d+: /);
    expect((await complaints('title: x\ntitle: y\n'))[0]).toBe('my.yaml:2:1: Map keys must be unique');
    expect((await complaints('{"title": "x",\n\t"load" 3}', 'my.json'))[0]).toMatch(/^my\.json:2:\d+: /);
  });

  it('are refused when they hold no mapping', async () => {
    expect(await complaints('')).toEqual(['my.yaml: expected a mapping, got null']);
    expect(await complaints('[1]', 'my.json')).toEqual(['my.json:1:1: expected a mapping, got [1]']);
  });

  it('are not blown up by aliases', async () => {
    const bomb = `a: &a [x]\n${'bcdefghij'.replaceAll(/./g, (name) => {
      const before = String.fromCharCode(name.charCodeAt(0) - 1);
      return `${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]\n`;
    })}`;
    expect((await complaints(bomb))[0]).toContain('Excessive alias count');
  });

  it('keep their places behind tabs', async () => {
    expect((await complaints('{\n\t"titel": "x"\n}', 'my.json')).join('\n')).toContain('my.json:2:2: titel:');
  });
});

describe('a scenario that does not exist', () => {
  const rejection = async (pathOrName: string) =>
    (await loadScenario(pathOrName).catch((error: unknown) => error)) as SquallError;

  it('is answered with near names', async () => {
    expect(await rejection('region-outge')).toMatchObject({
      code: 'NOT_FOUND',
      message: 'No scenario is called "region-outge". Did you mean "region-outage"?',
      remedy: expect.stringContaining('latency-spike'),
    });
    folder.write('mine.yaml', goodScenario);
    expect((await rejection(`${folder.path}/mien.yaml`)).message).toContain('Did you mean "mine.yaml"?');
    expect((await rejection(`${folder.path}/mine`)).message).toContain('Did you mean "mine.yaml"?');
    expect((await rejection('./nowhere/mine.yaml')).message).toContain('nor does the folder ./nowhere');
  });

  it('is told from one that is no scenario file', async () => {
    expect(await rejection(folder.write('notes.txt', 'x'))).toMatchObject({ code: 'BAD_SCENARIO' });
    expect(await rejection(`${folder.path}/`)).toMatchObject({ code: 'BAD_SCENARIO' });
    expect((await rejection(folder.write('big.yaml', `# ${'x'.repeat(10_000_001)}`))).message).toContain('at most 10000000');
  });
});

it('no fault kind has a setting by the name of one that all faults have', () => {
  const common = ['kind', 'name', 'target', 'at', 'for', 'probability'];
  for (const { kind, settings } of faultKinds) {
    expect([kind, Object.keys(settings.shape).filter((name) => common.includes(name))]).toEqual([kind, []]);
  }
});
