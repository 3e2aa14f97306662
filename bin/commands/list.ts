import { Argument, Command } from 'commander';
import { z } from 'zod';
import { readFrameworks } from '../../harness/evidence/frameworks.ts';
import { faultKinds } from '../../harness/faults/index.ts';
import { importFormats } from '../../harness/import/formats/index.ts';
import { fieldNames, fields } from '../../harness/import/rows/fields.ts';
import { listScenarios } from '../../harness/scenario/load-scenario.ts';
import { designPatches } from '../../harness/serving/design/designs.ts';
import { type Field, writtenName, writtenValue } from '../../harness/serving/design/field.ts';
import { policies } from '../../harness/serving/design/policies.ts';
import type { Policy } from '../../harness/serving/design/policy.ts';
import { metrics } from '../../harness/verdict/metrics.ts';
import { httpFaultKinds } from '../../harness/wire/http/faults/index.ts';
import { toxicKinds } from '../../harness/wire/toxics/index.ts';
import { scheduleAttributes } from '../../harness/wire/toxics/schedule.ts';
import { reporters } from '../../reports/index.ts';
import { writeTable } from '../table.ts';

/** One thing that can be named, with what to know of it. */
interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Of a fault kind: its settings; of a kind of toxic: its attributes. */
  readonly settings?: readonly Entry[];
}

/** Nothing said is nothing there. */
const isEmptyObject = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** The settings of a kind with defaults and choices, read off its own schema. */
const settingsOf = (settings: z.ZodObject): readonly Entry[] => {
  const { properties = {}, required = [] } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, schema]) => {
    if (typeof schema === 'boolean') return { name, summary: '' };
    const facts = [
      ...(schema.enum ? [schema.enum.join(' | ')] : []),
      ...(schema.default === undefined || isEmptyObject(schema.default) ? [] : [`default ${schema.default}`]),
      ...(required.includes(name) ? ['required'] : []),
    ];
    return { name, summary: `${schema.description ?? ''}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}` };
  });
};

const factsOf = (field: Field): string => {
  const choices = 'options' in field ? [field.options.join(' | ')] : [];
  return [...choices, `default ${writtenValue(field, field.default)}`].join('; ');
};

/** The settings of a policy as scenario files name them. */
const knobsOf = (policy: Policy): readonly Entry[] =>
  policy.kind === 'limit'
    ? [{ name: '(its value)', summary: `${policy.value.summary} (${factsOf(policy.value)})` }]
    : Object.entries(policy.settings).map(([key, field]) => ({
        name: writtenName(key),
        summary: `${field.summary} (${factsOf(field)})`,
      }));

const summaries = (table: Readonly<Record<string, { readonly summary: string }>>): readonly Entry[] =>
  Object.entries(table).map(([name, { summary }]) => ({ name, summary }));

const topics: Readonly<Record<string, () => Promise<readonly Entry[]>>> = {
  scenarios: async () => (await listScenarios()).map(({ name, title }) => ({ name, summary: title })),
  faults: async () => faultKinds.map(({ kind, summary, settings }) => ({ name: kind, summary, settings: settingsOf(settings) })),
  toxics: async () => [
    ...[...toxicKinds.values()].map(({ type, summary, attributes }) => ({
      name: type,
      summary,
      settings: settingsOf(attributes).filter(({ name }) => !(name in scheduleAttributes)),
    })),
    { name: '(every toxic)', summary: 'Has these attributes, too.', settings: settingsOf(z.object(scheduleAttributes)) },
  ],
  'http-faults': async () =>
    [...httpFaultKinds.values()].map(({ type, summary, settings }) => ({ name: type, summary, settings: settingsOf(settings) })),
  designs: async () => summaries(designPatches),
  policies: async () =>
    Object.entries(policies).map(([name, policy]) => ({
      name: writtenName(name),
      summary: policy.summary,
      settings: knobsOf(policy),
    })),
  'import-formats': async () => importFormats.map(({ name, summary }) => ({ name, summary })),
  columns: async () =>
    fieldNames.map((name) => ({ name, summary: `${fields[name].summary} Names: ${fields[name].names.join(', ')}.` })),
  metrics: async () => summaries(metrics),
  reporters: async () => summaries(reporters),
  frameworks: async () => readFrameworks().map(({ id, title, edition }) => ({ name: id, summary: `${title}: ${edition}` })),
};

const rowsOf = ({ name, summary, settings = [] }: Entry): readonly (readonly string[])[] => [
  [name, summary],
  ...settings.map((setting) => [`  ${setting.name}`, setting.summary]),
];

export const listCommand = (): Command =>
  new Command('list')
    .description('list what a scenario or a proxy can name')
    .addArgument(new Argument('[what]', 'what to list').choices(Object.keys(topics)).default('scenarios'))
    .option('--json', 'print it as JSON')
    .action(async (what: string, flags: { readonly json?: true }) => {
      const entries = await topics[what]!();
      if (flags.json) process.stdout.write(`${JSON.stringify({ [what]: entries }, null, 2)}\n`);
      else writeTable(entries.flatMap(rowsOf));
    });
