import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineScenario, type RunReport, runScenario, scenarioTest } from '../../../integrations/vitest/index.ts';
import { createScenarioFolder, type ScenarioFolder } from '../../support/scenario-file.ts';

const outage = defineScenario({
  name: 'defined-here',
  topology: { regions: ['aws/us-east-1', 'google/us-east4'] },
  load: { rate: '60/s' },
  warmup: '500ms',
  duration: '10s',
  faults: [{ kind: 'region-outage', target: 'aws/us-east-1', at: '3s', for: '4s' }],
  expect: { all: { availability: { min: '90%' } } },
});

const seen: RunReport[] = [];

describe('scenarioTest', () => {
  scenarioTest(outage);

  scenarioTest(outage, (report) => {
    seen.push(report);
    expect(report).toMeet('availability >= 90%', 'region-outage');
  });

  scenarioTest(
    outage,
    { name: 'a design that does not fail over is caught', design: 'no-failover', seed: 7 },
    (report, { task }) => {
      seen.push(report);
      expect(task.name).toBe('a design that does not fail over is caught');
      expect(report).not.toMeet('degradedShare <= 20%', 'fault');
    },
  );

  // Ships with squall.
  scenarioTest('cost-spike');

  it('ran each in sim, with the seed and the design asked for', () => {
    expect(seen).toMatchObject([
      { world: 'sim', seed: 1, design: 'reference' },
      { world: 'sim', seed: 7, design: 'no-failover' },
    ]);
  });
});

describe('runScenario', () => {
  let folder: ScenarioFolder;
  beforeAll(() => {
    folder = createScenarioFolder();
  });
  afterAll(() => folder.remove());

  it('gives the same report for the same seed', async () => {
    expect(await runScenario(outage, { seed: 3 })).toEqual(await runScenario(outage, { seed: 3 }));
  });

  it('reads a file', async () => {
    const file = folder.write('mine.json', JSON.stringify({ ...outage, name: 'from-a-file' }));
    expect(await runScenario(file)).toMatchObject({ scenario: 'from-a-file', verdict: { outcome: 'passed' } });
  });

  it('ends when it is told to', async () => {
    expect(await runScenario(outage, { signal: AbortSignal.abort() })).toMatchObject({ end: { type: 'interrupted' } });
  });

  it.each([
    ['a scenario that is not there', () => runScenario('region-outrage'), /No scenario is called "region-outrage". Did you mean/],
    [
      'a scenario that is wrong',
      () => runScenario({ ...outage, duration: '10' }),
      /defined-here can't be run.\nduration: expected a duration/,
    ],
    ['a design that is not there', () => runScenario(outage, { design: 'no-failovr' }), /no design "no-failovr". Did you mean/],
  ])('refuses %s', async (_, run, message) => {
    await expect(run()).rejects.toThrow(message);
  });
});
