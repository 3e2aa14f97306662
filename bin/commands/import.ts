import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { SquallError } from '../../harness/errors.ts';
import { durationText } from '../../harness/import/fit/text.ts';
import { importFormats } from '../../harness/import/formats/index.ts';
import { type ImportResult, importFile } from '../../harness/import/import-file.ts';
import { importLimits } from '../../harness/import/limits.ts';
import { isRegionId } from '../../harness/import/regions.ts';
import { limits } from '../../harness/scenario/limits.ts';
import { name as scenarioName } from '../../harness/scenario/name.ts';
import { duration } from '../../harness/scenario/units.ts';
import { type GatewayRegion, gatewayRegionNames } from '../../harness/topology/regions.ts';
import { columns, hanging, plain, section } from '../../reports/layout.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../main.ts';
import { outputFile } from '../output-file.ts';

interface ImportFlags {
  readonly format?: string;
  readonly out?: string;
  readonly name?: string;
  readonly map: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly column: Readonly<Record<string, string>>;
  readonly speed?: number;
  readonly baseline?: number;
  readonly rate?: number;
  readonly gateway: GatewayRegion;
  readonly force?: true;
  readonly strict?: true;
}

type Names = Readonly<Record<string, string>>;

const REGION_FORM = 'It must be provider/region, such as aws/us-east-1; providers: aws, google, azure.';

/** For commander: collects repeated `name=region`. The last `=` divides, since names of a recording may have one. */
const parseMap = (value: string, earlier: Names = {}): Names => {
  const at = value.lastIndexOf('=');
  if (at < 1 || !isRegionId(value.slice(at + 1))) throw new InvalidArgumentError(`It must be <name>=<region>. ${REGION_FORM}`);
  return { ...earlier, [value.slice(0, at)]: value.slice(at + 1) };
};

/** For commander: collects repeated `field=column`. The first `=` divides, since names of columns may have one. */
const parseColumns = (value: string, earlier: Names = {}): Names => {
  const at = value.indexOf('=');
  if (at < 1 || at === value.length - 1)
    throw new InvalidArgumentError('It must be <field>=<column>; squall list columns shows the fields.');
  return { ...earlier, [value.slice(0, at)]: value.slice(at + 1) };
};

const parseRegion = (value: string): string => {
  if (!isRegionId(value)) throw new InvalidArgumentError(REGION_FORM);
  return value;
};

const parseName = (value: string): string => {
  if (!scenarioName.safeParse(value).success)
    throw new InvalidArgumentError('It must be small letters, digits and hyphens, at most 64.');
  return value;
};

const parseSpeed = (value: string): number => {
  const speed = Number(value.replace(/x$/, ''));
  if (!(speed >= 0.01 && speed <= 1_000_000)) throw new InvalidArgumentError('It must be a number from 0.01 to 1000000.');
  return speed;
};

const parseRate = (value: string): number => {
  const rate = Number(value.replace(/\/s$/, ''));
  if (!(rate > 0 && rate <= limits.ratePerS))
    throw new InvalidArgumentError(`It must be a rate a second, above 0, at most ${limits.ratePerS}.`);
  return rate;
};

const parseDuration = (value: string): number => {
  const parsed = duration.safeParse(value);
  if (!parsed.success || parsed.data <= 0) throw new InvalidArgumentError('It must be a duration with its unit, such as 20m.');
  return parsed.data;
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const faultLines = ({ draft }: ImportResult): readonly string[] =>
  columns({
    head: ['at', 'for', 'fault', 'target', 'settings'],
    align: ['right', 'right', 'left', 'left', 'left'],
    rows: draft.faults.map(({ atMs, forMs, kind, target, probability, settings }) => [
      durationText(atMs),
      durationText(forMs),
      kind,
      target,
      [
        ...(probability === undefined ? [] : [`probability ${probability}`]),
        ...Object.entries(settings).map(([key, value]) => `${key} ${JSON.stringify(value)?.replaceAll('"', '')}`),
      ].join(', '),
    ]),
  });

/** All of what was left out, up to a limit that a reader can take in; the file has it too. */
const unimportedLines = ({ unimported }: ImportResult): readonly string[] => {
  const shown = unimported.slice(0, importLimits.listed);
  const lines = shown.flatMap(({ what, where, why }) => [
    ...hanging('', plain(`${what} (${where})`)),
    ...hanging('    ', plain(why)),
  ]);
  return unimported.length > shown.length ? [...lines, `and ${unimported.length - shown.length} more`] : lines;
};

const summary = (file: string, out: string, result: ImportResult): string => {
  const { draft, format, unimported } = result;
  const head = `${file} (${format}): ${counted(draft.faults.length, 'fault')} in ${durationText(draft.durationMs)}${draft.recorded ? `, ${counted(Object.keys(draft.recorded.curves).length, 'recorded curve')}` : ''}`;
  const next = out === '-' ? [] : ['', `Written to ${out}. Next: squall run ${out} --world sim`];
  return [
    head,
    ...section('Faults', draft.faults.length === 0 ? ['none: nothing leaves what is usual'] : faultLines(result)),
    ...section(`Not imported: ${unimported.length}`, unimportedLines(result)),
    ...next,
    '',
  ].join('\n');
};

const run = (file: string, flags: ImportFlags): number => {
  const { format, name, region, map, column, gateway, speed, baseline, rate } = flags;
  const result = importFile(file, {
    format,
    name,
    region,
    map,
    columns: column,
    gateway,
    speed,
    quietMs: baseline,
    ratePerS: rate,
  });
  const out = flags.out ?? `${result.draft.name}.yaml`;
  if (out === '-') {
    process.stdout.write(result.yaml);
    process.stderr.write(summary(file, out, result));
  } else {
    if (existsSync(out) && !flags.force)
      throw new SquallError('BAD_FLAG', `--out: ${out} is there already.`, 'Name another file, or say --force to write over it.');
    outputFile('--out', out).write(result.yaml);
    process.stdout.write(summary(file, out, result));
  }
  return flags.strict && result.unimported.length > 0 ? exitCodes.failed : exitCodes.passed;
};

export const importCommand = (invocation: Invocation): Command =>
  new Command('import')
    .description('make a scenario of a recorded incident, or of an experiment of another tool')
    .argument(
      '<file>',
      'rows in CSV or JSON, OpenTelemetry traces, an HTTP archive, a Chaos Toolkit experiment, Toxiproxy proxies',
    )
    .addOption(
      new Option('-f, --format <name>', 'what the file is; found out by its content when left out').choices(
        importFormats.map((one) => one.name),
      ),
    )
    .option('-o, --out <file>', 'the scenario file; - is standard output (default: <name>.yaml)')
    .option('-n, --name <name>', "the scenario's name (default: the file's)", parseName)
    .addOption(
      new Option('-m, --map <name=region>', 'which region a name of the recording stands for: us-east-1=aws/us-east-1; repeat')
        .argParser(parseMap)
        .default({}, 'none'),
    )
    .option('--region <region>', 'region of rows that name none', parseRegion)
    .addOption(
      new Option('--column <field=name>', 'which column holds a field; see `squall list columns`; repeat')
        .argParser(parseColumns)
        .default({}, 'none'),
    )
    .option('--speed <times>', 'how many times as fast it is played (default: what makes it 5 minutes at most)', parseSpeed)
    .option('--baseline <duration>', 'how long the recording is quiet from its start on (default: found out)', parseDuration)
    .option('--rate <rate>', 'requests a second of the load (default: 30 a region, at most 120)', parseRate)
    .addOption(new Option('--gateway <region>', 'where the callers stand').choices([...gatewayRegionNames]).default('us-east'))
    .option('--force', 'write over the scenario file')
    .option('--strict', 'exit 1 when something could not be imported')
    .addHelpText(
      'after',
      '\nExit codes: 0 imported, 1 --strict and something was left out, 2 usage or bad input. docs/import.md has the formats.',
    )
    .action((file: string, flags: ImportFlags) => {
      invocation.exitCode = run(file, flags);
    });
