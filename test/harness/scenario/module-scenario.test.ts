import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../../harness/scenario/load-scenario.ts';
import { loadInNode, withoutFile } from '../../support/load-in-node.ts';
import { createScenarioFolder, goodScenario, type ScenarioFolder } from '../../support/scenario-file.ts';

let folder: ScenarioFolder;
beforeAll(() => {
  folder = createScenarioFolder();
});
afterAll(() => folder.remove());

const inTypeScript = `import { defineScenario, type ScenarioFile } from 'squall';

const seconds = (count: number): string => \`\${count}s\`; // { [ is no bracket here
const expectations: ScenarioFile['expect'] = {
  'region-outage': { availability: { min: 0.9 }, failoverTime: { max: '3s' } },
};

export default defineScenario({
  title: 'An outage',
  topology: { gateway: 'us-east', regions: ['aws/us-east-1', { region: 'google/us-east4', rtt: '5ms' }] },
  load: { rate: 50, timeout: seconds(2) },
  warmup: '1s',
  duration: '20s',
  faults: [
    {
      kind: 'region-outage',
      target: 'aws/us-east-1', at: '5s',
      for: seconds(5), mode: 'blackhole',
    },
  ],
  steadyState: { availability: { min: '99%' } },
  expect: expectations,
});
`;

describe('a scenario in TypeScript', () => {
  it('is the same scenario as in YAML, wherever its file lies', async () => {
    const inYaml = await loadScenario(folder.write('same.yaml', goodScenario));
    const { scenario } = loadInNode(folder.write('same.ts', inTypeScript), folder.path);
    expect(withoutFile(scenario as object)).toEqual(withoutFile(inYaml));
  });

  it('can be a plain object, exported as scenario', () => {
    const file = folder.write(
      'plain.mjs',
      inTypeScript
        .replace(/^import.*$/m, '')
        .replaceAll(/: (?:number|string|ScenarioFile\['expect'\])/g, '')
        .replace('export default defineScenario(', 'export const scenario = ('),
    );
    expect(loadInNode(file, folder.path)).toMatchObject({ scenario: { name: 'plain', title: 'An outage' } });
  });

  it.each([
    ["mode: 'blackhole'", "mod: 'blackhole'", /^x\.ts:18:24: faults\[0\]\.mod: no setting is called "mod"/],
    ["warmup: '1s'", 'warmup: 1', /^x\.ts:12:3: warmup: expected a duration/],
    ["rtt: '5ms'", "rttt: '5ms'", /^x\.ts:10:91: topology\.regions\[1\]\.rttt: no setting/],
    ["max: '3s'", 'max: 3', /^x\.ts:22:3: expect\.region-outage\.failoverTime\.max: expected a duration/],
    ["duration: '20s',", 'duration: ,', /^x\.ts:13:\d+: the module can't be loaded: /],
    ["from 'squall'", "from 'squal'", /^x\.ts: the module can't be loaded: Cannot find package 'squal'/],
    ['export default', 'throw new Error("no luck");\nexport default', /^x\.ts:8:7: the module can't be loaded: no luck$/],
    ['export default', 'void', /^x\.ts: the module exports no scenario; expected `export default defineScenario/],
  ])('is refused with its place: %s as %s', (good, bad, complaint) => {
    expect(inTypeScript).toContain(good);
    folder.write('x.ts', inTypeScript.replace(good, bad));
    const { code, lines } = loadInNode('x.ts', folder.path);
    expect(code).toBe('BAD_SCENARIO');
    expect(lines).toEqual([expect.stringMatching(complaint)]);
  });
});
