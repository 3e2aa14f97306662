import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schedulesArbitrary } from '../../../harness/explore/arbitrary/schedules.ts';
import { exploreBounds } from '../../../harness/explore/bounds.ts';
import { replay } from '../../../harness/explore/replay.ts';
import { readReplay, writeReplay } from '../../../harness/explore/replay-file.ts';
import { scenarioContent, scenarioYaml } from '../../../harness/explore/scenario-content.ts';
import { faultsOf, type Schedule } from '../../../harness/explore/schedule.ts';
import { planUnder, violationsOf } from '../../../harness/explore/violations.ts';
import { planRun } from '../../../harness/run.ts';
import { listScenarios, loadScenario } from '../../../harness/scenario/load-scenario.ts';
import { resolveScenario } from '../../../harness/scenario/resolve.ts';
import type { ScenarioFile } from '../../../harness/scenario/schema.ts';
import { faultableLinks } from '../../../harness/topology/node-placements.ts';
import { asSpoken } from '../../../harness/topology/secured-links.ts';
import { explorablePlan, fakeSimulator, wellServed } from '../../support/explore.ts';
import { createScenarioFolder, type ScenarioFolder } from '../../support/scenario-file.ts';

let folder: ScenarioFolder;
beforeAll(() => {
  folder = createScenarioFolder();
});
afterAll(() => folder.remove());

const outage: Schedule = [
  { kind: 'region-outage', targets: ['aws/us-east-1'], atMs: 4000, forMs: 2500, settings: { mode: 'blackhole' } },
];

describe('a schedule as a scenario file', async () => {
  const shipped = await Promise.all((await listScenarios()).map(({ name }) => loadScenario(name)));
  // Every design that ships in one scenario; in the others what they are about.
  const runs = shipped.flatMap(({ name, design, designs, badDesigns }) =>
    (name === 'region-outage' ? Object.keys(designs) : [design, ...badDesigns]).map((each) => [name, each] as const),
  );

  it.each(runs)('is the same run of %s with design %s', async (name, designName) => {
    const plan = planRun(await loadScenario(name), { seed: 1, designName });
    const bounds = exploreBounds(plan.scenario);
    const schedule = fc
      .sample(schedulesArbitrary(asSpoken(faultableLinks(plan), plan.design), bounds), { seed: 7, numRuns: 20 })
      .find(({ length }) => length > 0)!;
    const path = folder.write(`${name}-${designName}.yaml`, scenarioYaml(scenarioContent(plan, schedule, bounds)));
    const again = planRun(await loadScenario(path), { seed: 1 });
    expect(again.design).toEqual(plan.design);
    // A file of one design knows nothing of others that would speak TLS.
    expect(asSpoken(again.links, plan.design)).toEqual(asSpoken(plan.links, plan.design));
    const { topology, load, warmupMs, durationMs, steadyState } = plan.scenario;
    expect(again.scenario).toMatchObject({ topology, load, warmupMs, durationMs, steadyState });
    expect(again.scenario.faults).toEqual(faultsOf(schedule, bounds.kinds));
    // Doors of jobs bring two of their own.
    expect(again.scenario.expectations).toEqual(expect.arrayContaining([...bounds.expectations]));
    const judgedBy = exploreBounds(again.scenario);
    expect(judgedBy.expectations).toEqual(bounds.expectations);
    expect(judgedBy).toMatchObject({
      failoverWithinMs: bounds.failoverWithinMs,
      recoverWithinMs: bounds.recoverWithinMs,
      except: bounds.except,
    });
  });
});

describe('a load as a scenario file', () => {
  const loadAgain = (load: ScenarioFile['load'], form: 'yaml' | 'json') => {
    const plan = explorablePlan({ load });
    const content = scenarioContent(plan, outage, exploreBounds(plan.scenario));
    const read = form === 'yaml' ? parse(scenarioYaml(content)) : JSON.parse(JSON.stringify(content));
    const { scenario, problems } = resolveScenario(read, 'again');
    expect(problems).toBeUndefined();
    return { before: plan.scenario.load, after: scenario!.load };
  };
  const arrivals = fc.array(fc.nat(35_000_000), { minLength: 1, maxLength: 100 }).filter((gaps) => gaps[0]! < 30_000_000);

  it.each(['yaml', 'json'] as const)('holds the very arrivals of a trace, in %s', (form) => {
    fc.assert(
      fc.property(arrivals, fc.double({ min: 1, max: 9, noNaN: true }), (gaps, speed) => {
        const { before, after } = loadAgain({ trace: { gapsUs: gaps.join(' '), source: 'a: b #c', speed } }, form);
        expect(after).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  it('holds bursts', () => {
    const bursts = [
      { at: '1s', for: '250ms', every: '1500ms', multiplier: 2.5 },
      { at: '7s', for: '3s', add: '33/s' },
    ];
    const { before, after } = loadAgain({ stages: [{ for: '10s', from: 5, to: 50 }], bursts }, 'yaml');
    expect(after).toEqual(before);
  });
});

/** Lost while the first fault lasts, and for good. */
const broken = fakeSimulator((dueMs, { scenario: { faults } }) =>
  faults.length > 0 && dueMs >= faults[0]!.atMs
    ? { ...wellServed(dueMs), outcome: 'timeout', status: 0, servedBy: '' }
    : wellServed(dueMs),
);

const saveReplay = async (name: string): Promise<string> => {
  const plan = explorablePlan();
  const bounds = exploreBounds(plan.scenario);
  const under = planUnder(plan, faultsOf(outage, bounds.kinds), bounds);
  const { observations, ...record } = await broken.run(under);
  const expected = violationsOf(under, record, observations, bounds).map((violation) => ({ ...violation }));
  expect(expected.length).toBeGreaterThan(0);
  const scenario = scenarioContent(plan, outage, bounds);
  return folder.write(name, writeReplay({ squall: '0.0.0', scenario, design: 'reference', seed: 1, path: '3:1', expected }));
};

describe('replay', () => {
  it('says that the recorded outcome came back', async () => {
    const result = await replay(readReplay(await saveReplay('same.json')), (plan) => broken.run(plan));
    expect(result).toMatchObject({ outcome: 'same', isJudged: true });
  });

  it('says that it did not, once the stack is mended', async () => {
    const mended = fakeSimulator();
    const result = await replay(readReplay(await saveReplay('mended.json')), (plan) => mended.run(plan));
    expect(result).toMatchObject({ outcome: 'gone', violations: [] });
  });

  it('tells a recurrence with other figures, and another failure, from the recorded one', async () => {
    const path = await saveReplay('others.json');
    const later = fakeSimulator((dueMs) =>
      dueMs > 6000 ? { ...wellServed(dueMs), outcome: 'timeout', status: 0 } : wellServed(dueMs),
    );
    expect(await replay(readReplay(path), (plan) => later.run(plan))).toMatchObject({ outcome: 'broken' });
    const unmarked = fakeSimulator((dueMs) => ({ ...wellServed(dueMs), servedBy: 'somebody' }));
    expect(await replay(readReplay(path), (plan) => unmarked.run(plan))).toMatchObject({ outcome: 'other' });
  });
});

describe('a replay file', () => {
  const spoil = async (change: (content: Record<string, unknown>) => void): Promise<() => unknown> => {
    const path = await saveReplay('spoilt.json');
    const content = JSON.parse(JSON.stringify(readReplay(path).file)) as Record<string, unknown>;
    change(content);
    writeFileSync(path, JSON.stringify(content));
    return () => readReplay(path);
  };

  it('of another version, or with a scenario that is none, is refused with the place', async () => {
    expect(await spoil((content) => (content.version = 2))).toThrow('version 2; this squall reads version 1');
    expect(await spoil((content) => (content.format = 'other'))).toThrow('not a replay file: format is "other"');
    expect(await spoil((content) => (content.expected = []))).toThrow('expected: expected at least 1');
    expect(await spoil((content) => (content.scenario = { load: {} }))).toThrow('scenario.topology: is missing');
  });

  it('that is no JSON, or not there, is refused', () => {
    expect(() => readReplay(folder.write('text.json', 'title: A scenario'))).toThrow('not JSON');
    // The message is one line, though the text that it quotes has several.
    expect(() => readReplay(folder.write('lines.json', '# squall\n\nsquall breaks\n'))).toThrow(/not JSON: [^\n]*$/m);
    expect(() => readReplay(folder.write('list.json', '[]'))).toThrow('not a replay file: format is missing');
    expect(() => readReplay(join(folder.path, 'absent.json'))).toThrow('is not a file');
  });
});
