import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_TRACE_BYTES } from '../../../harness/load/trace-file.ts';
import { packageRoot } from '../../../harness/package-root.ts';
import { limits } from '../../../harness/scenario/limits.ts';
import { loadBlock } from '../../../harness/scenario/load-block.ts';
import { loadScenario } from '../../../harness/scenario/load-scenario.ts';
import { scenarioFile } from '../../../harness/scenario/schema.ts';
import { gatewayRegionNames } from '../../../harness/topology/regions.ts';
import { loadInNode, withoutFile } from '../../support/load-in-node.ts';
import { createScenarioFolder, type ScenarioFolder } from '../../support/scenario-file.ts';

const text = readFileSync(join(packageRoot, 'docs/scenarios.md'), 'utf8');

const firstBlock = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';

let folder: ScenarioFolder;
beforeAll(() => {
  folder = createScenarioFolder();
});
afterAll(() => folder.remove());

describe('docs/scenarios.md', () => {
  it('shows one scenario twice: in YAML and in TypeScript', async () => {
    const fromYaml = await loadScenario(folder.write('example.yaml', firstBlock('yaml')));
    const fromTypeScript = loadInNode(folder.write('example.ts', firstBlock('ts')), folder.path);
    expect(fromTypeScript.lines).toEqual([]);
    expect(withoutFile(fromTypeScript.scenario as object)).toEqual(withoutFile(fromYaml));
  });

  it('tells of every setting, gateway region and limit', () => {
    const shown = Object.keys(scenarioFile.shape).filter((setting) => !text.includes(`| \`${setting}\``));
    expect(shown).toEqual([]);
    expect(Object.keys(loadBlock.shape).filter((setting) => !text.includes(`\`${setting}\``))).toEqual([]);
    for (const name of gatewayRegionNames) expect(text).toContain(`\`${name}\``);
    expect(text).toContain(`at most ${limits.ratePerS} a second`);
    expect(text).toContain(`at most ${limits.faults}`);
    expect(text).toContain(`at most ${limits.connections}`);
    expect(text).toContain(`at most ${limits.requests.toLocaleString('en')} requests`);
    expect(text).toContain(`at most ${MAX_TRACE_BYTES / 1_000_000} MB`);
  });

  it.each([...text.matchAll(/```yaml\n(load:\n[\s\S]*?)```/g)].map(([, block]) => block!))(
    'shows a load that is right: %s',
    async (load) => {
      folder.write('arrivals.csv', '2026-01-01 00:00:00\n');
      folder.write(
        'AzureLLMInferenceTrace_conv.csv',
        'TIMESTAMP,ContextTokens\n2023-11-16 18:15:46.68,1\n2023-11-16 18:26:00.00,2\n',
      );
      const scenario = await loadScenario(
        folder.write(
          'load.yaml',
          `topology: { regions: [aws/us-east-1] }\nduration: 20s\nexpect: { all: { p50: { max: 1s } } }\n${load}`,
        ),
      );
      const { shape, tenants } = scenario.load;
      const ofRate = shape.type === 'open' && shape.arrivals !== 'recorded' ? (shape.bursts ?? tenants) : undefined;
      const shown = shape.type === 'open' && shape.arrivals === 'recorded' ? shape.timesUs : ofRate;
      expect(shown?.length).toBeGreaterThan(0);
    },
  );
});
