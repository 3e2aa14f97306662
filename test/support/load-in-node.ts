import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../harness/package-root.ts';

/** A scenario as JSON has it, without what its file was. */
export const withoutFile = (scenario: object): unknown => JSON.parse(JSON.stringify({ ...scenario, file: undefined }));

/** What came of a scenario file: the scenario, or the error's code and lines. */
export interface Loaded {
  readonly scenario?: unknown;
  readonly code?: string;
  readonly lines: readonly string[];
}

/** Loads a scenario in a Node of its own: in a test vitest's module loader stands before Node's. */
export const loadInNode = (file: string, cwd: string): Loaded => {
  const loader = pathToFileURL(join(packageRoot, 'harness/scenario/load-scenario.ts')).href;
  const script = `import { loadScenario } from '${loader}';
    const result = await loadScenario(process.argv[1]).then(
      (scenario) => ({ scenario, lines: [] }),
      ({ code, message }) => ({ code, lines: message.split('\\n') }));
    console.log(JSON.stringify(result));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script, file], { cwd, encoding: 'utf8' }));
};
