import { Argument, Command } from 'commander';
import { z } from 'zod';
import { faultKinds } from '../../harness/faults/index.ts';
import { listScenarios } from '../../harness/scenario/load-scenario.ts';
import { designPatches } from '../../harness/serving/designs.ts';
import { metrics } from '../../harness/verdict/metrics.ts';
import { reporters } from '../../reports/index.ts';
import type { Outcome } from '../main.ts';
import { writeTable } from '../table.ts';

/** One thing that can be named, with what to know of it. */
interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Further lines, e.g. a fault kind's settings. */
  readonly details?: readonly string[];
}

/** A setting as `name=default: help (values)`, read off the kind's own schema. */
const settingLines = (settings: z.ZodObject): readonly string[] => {
  const { properties = {}, required = [] } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, schema]) => {
    if (typeof schema === 'boolean') return name;
    const fallback =
      schema.default === undefined ? (required.includes(name) ? ' (required)' : '') : ` = ${JSON.stringify(schema.default)}`;
    const values = schema.enum ? ` [${schema.enum.join(' | ')}]` : '';
    return `${name}${fallback}${values}: ${schema.description ?? ''}`;
  });
};

const topics: Readonly<Record<string, () => Promise<readonly Entry[]>>> = {
  scenarios: async () => (await listScenarios()).map(({ name, title }) => ({ name, summary: title })),
  faults: async () => faultKinds.map(({ kind, summary, settings }) => ({ name: kind, summary, details: settingLines(settings) })),
  designs: async () => Object.entries(designPatches).map(([name, { summary }]) => ({ name, summary })),
  metrics: async () => Object.entries(metrics).map(([name, { summary }]) => ({ name, summary })),
  reporters: async () => Object.entries(reporters).map(([name, { summary }]) => ({ name, summary })),
};

export const listCommand = (_outcome: Outcome): Command =>
  new Command('list')
    .description('list what a scenario can name')
    .addArgument(new Argument('[what]', 'what to list').choices(Object.keys(topics)).default('scenarios'))
    .option('--json', 'print it as JSON')
    .action(async (what: string, flags: { readonly json?: true }) => {
      const entries = await topics[what]!();
      if (flags.json) process.stdout.write(`${JSON.stringify({ [what]: entries }, null, 2)}\n`);
      else
        writeTable(
          entries.map(({ name, summary, details = [] }) => [
            name,
            [summary, ...details.map((detail) => `  ${detail}`)].join('\n'),
          ]),
        );
    });
