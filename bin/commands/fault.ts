import { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import { findEmulators } from '../../harness/emulators/control-client.ts';
import type { StandingFault } from '../../harness/emulators/hand.ts';
import { SquallError } from '../../harness/errors.ts';
import { findFaultKind } from '../../harness/faults/index.ts';
import { unknownName } from '../../harness/scenario/explain.ts';
import { formatTime } from '../../harness/verdict/format.ts';
import { parseNames } from '../options.ts';
import { writeTable } from '../table.ts';

interface AddFlags {
  readonly target: readonly string[];
  readonly for?: string;
  readonly name?: string;
  readonly probability?: string;
  readonly method?: readonly string[];
  readonly path?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly every?: string;
  readonly first?: string;
  readonly json?: true;
}

/** A value as a scenario file would have it: `5` is a number, `500ms` is text. */
const readValue = (text: string): unknown => {
  try {
    return parseYaml(text);
  } catch {
    return text;
  }
};

/** Options of the command that a setting could be mistaken for. */
const OPTIONS = new Set(['target', 'for', 'name', 'probability', 'method', 'path', 'header', 'every', 'first']);

const readSetting = (kind: string, text: string): readonly [string, unknown] => {
  const [, name, value] = /^([A-Za-z][\w-]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new SquallError(
      'BAD_FLAG',
      `"${text}" is no setting; expected name=value, such as mode=blackhole.`,
      'See `squall list faults`.',
    );
  }
  // A kind that is not known is refused where the fault is put on. Error bursts have an `every` of their own.
  const own = findFaultKind(kind)?.settings.shape;
  if (own && !Object.hasOwn(own, name)) {
    if (OPTIONS.has(name)) {
      throw new SquallError('BAD_FLAG', `"${text}": ${name} is no setting of ${kind}.`, `Write --${name}.`);
    }
    if (name === 'at') throw new SquallError('BAD_FLAG', `"${text}": a fault that is added by hand starts at once.`);
    throw new SquallError('BAD_FLAG', unknownName('setting', name, Object.keys(own)), 'See `squall list faults`.');
  }
  return [name, readValue(value)];
};

const readHeader = (text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new SquallError('BAD_FLAG', `"${text}" is no header; expected name: value, such as 'x-tenant: a*'.`);
  }
  return { ...before, [name]: value };
};

/** Which requests; nothing for all. */
const toRequests = ({ method, path, header, every, first }: AddFlags): object => {
  const selector = {
    ...(method ? { method } : {}),
    ...(path === undefined ? {} : { path }),
    ...(header ? { header } : {}),
    ...(every === undefined ? {} : { every: readValue(every) }),
    ...(first === undefined ? {} : { first: readValue(first) }),
  };
  return Object.keys(selector).length === 0 ? {} : { requests: selector };
};

const toEntry = (kind: string, settings: readonly string[], flags: AddFlags): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(settings.map((text) => readSetting(kind, text))),
  kind,
  target: flags.target,
  ...(flags.for === undefined ? {} : { for: flags.for }),
  ...(flags.name === undefined ? {} : { name: flags.name }),
  ...(flags.probability === undefined ? {} : { probability: readValue(flags.probability) }),
  ...toRequests(flags),
});

const endOf = ({ remainingMs }: StandingFault): string =>
  remainingMs === null ? 'until it is removed' : `for ${formatTime(remainingMs)} more`;

const addCommand = (): Command =>
  new Command('add')
    .description('inject a fault into the emulators that are up')
    .argument('<kind>', 'see `squall list faults`')
    .argument('[settings...]', "the kind's settings, e.g. mode=partial percent=30%")
    .requiredOption(
      '-t, --target <patterns>',
      'cloud/region/service, * matches any, separated by commas, e.g. aws/us-east-1',
      parseNames,
    )
    .option('--for <duration>', 'lift it by itself after, e.g. 30s (default: it stays until it is removed)')
    .option('--name <name>', 'what to call it (default: its kind)')
    .option('--probability <share>', 'share of requests that it touches, e.g. 20%')
    .option('--method <methods>', 'only requests of these HTTP methods, separated by commas', parseNames)
    .option('--path <pattern>', 'only requests for this path, * stands for any characters')
    .option(
      '--header <header>',
      "only requests with this header, e.g. 'x-tenant: a*', 'x-tenant:' for an empty one; may be given again",
      readHeader,
    )
    .option('--every <n>', 'of these every nth on a link')
    .option('--first <n>', 'of these the first n on a link')
    .option('--json', 'print the fault as JSON')
    .action(async (kind: string, settings: readonly string[], flags: AddFlags) => {
      const fault = await findEmulators().addFault(toEntry(kind, settings, flags));
      if (flags.json) process.stdout.write(`${JSON.stringify(fault, null, 2)}\n`);
      else process.stdout.write(`${fault.name} holds, ${endOf(fault)}, on\n${fault.links.map((id) => `  ${id}\n`).join('')}`);
    });

const listCommand = (): Command =>
  new Command('list')
    .description('list the faults that hold')
    .option('--json', 'print them as JSON')
    .action(async (flags: { readonly json?: true }) => {
      const faults = await findEmulators().listFaults();
      if (flags.json) process.stdout.write(`${JSON.stringify({ faults }, null, 2)}\n`);
      else if (faults.length === 0) process.stdout.write('No fault holds.\n');
      else writeTable(faults.map((fault) => [fault.name, fault.kind, `${fault.targets.join(', ')}, ${endOf(fault)}`]));
    });

const removeCommand = (): Command =>
  new Command('remove')
    .description('lift a fault')
    .argument('<name>', 'see `squall fault list`')
    .action(async (name: string) => {
      await findEmulators().removeFault(name);
      process.stdout.write(`${name} is lifted.\n`);
    });

export const faultCommand = (): Command => {
  const command = new Command('fault').description('inject faults into emulators that are up, and lift them');
  for (const sub of [addCommand(), listCommand(), removeCommand()]) command.addCommand(sub);
  return command;
};
