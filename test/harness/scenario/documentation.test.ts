import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../harness/package-root.ts';
import { loadScenario } from '../../../harness/scenario/load-scenario.ts';
import { limits, scenarioFile } from '../../../harness/scenario/schema.ts';
import { gatewayRegionNames } from '../../../harness/topology/regions.ts';
import { loadInNode } from '../../support/load-in-node.ts';
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
    expect(fromTypeScript).toEqual({ scenario: JSON.parse(JSON.stringify(fromYaml)), lines: [] });
  });

  it('tells of every setting, gateway region and limit', () => {
    const shown = Object.keys(scenarioFile.shape).filter((setting) => !text.includes(`| \`${setting}\``));
    expect(shown).toEqual([]);
    for (const name of gatewayRegionNames) expect(text).toContain(`\`${name}\``);
    expect(text).toContain(`at most ${limits.ratePerS} a second`);
    expect(text).toContain(`at most ${limits.faults}`);
    expect(text).toContain(`at most ${limits.connections}`);
  });
});
