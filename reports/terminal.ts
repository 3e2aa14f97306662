import { relative } from 'node:path';
import pc from 'picocolors';
import { formatAgainst, formatBounds, formatMoment, formatNumber, formatTime, formatValue } from '../harness/verdict/format.ts';
import { scopeOf } from '../harness/verdict/groups.ts';
import { type MetricName, metrics } from '../harness/verdict/metrics.ts';
import type { ExpectationResult, PhaseReport, RunReport, Verdict } from '../harness/verdict/report.ts';
import { costLines } from './cost-lines.ts';
import { curveLines } from './curves/lines.ts';
import { bounded, columns, hanging, plain, ROOM, section } from './layout.ts';
import { createProgressLine } from './progress-line.ts';
import type { ReporterDefinition } from './reporter.ts';
import { residencyLines } from './residency-lines.ts';
import { timelineBar } from './timeline.ts';

const MAX_EVENTS = 15;
const MAX_FAULTS = 12;
const MAX_BAR_CELLS = 40;
const NOTHING = '–';

type Colors = ReturnType<typeof pc.createColors>;

const verdictColors: Readonly<Record<Verdict['outcome'], (colors: Colors) => (text: string) => string>> = {
  passed: (colors) => colors.green,
  failed: (colors) => colors.red,
  invalid: (colors) => colors.yellow,
};

const marks: Readonly<Record<ExpectationResult['outcome'], (colors: Colors) => string>> = {
  met: (colors) => colors.green('✓'),
  broken: (colors) => colors.red('✗'),
  unmeasurable: (colors) => colors.yellow('?'),
};

const verdictWord = (verdict: Verdict, colors: Colors): string =>
  verdictColors[verdict.outcome](colors)(colors.bold(verdict.outcome.toUpperCase()));

const heading = (report: RunReport, colors: Colors): readonly string[] => {
  const { scenario, title, design, sut, world, seed, durationMs, verdict, expectations } = report;
  const met = expectations.filter(({ outcome }) => outcome === 'met').length;
  return [
    ...hanging('', plain(`${scenario}: ${title}`)),
    ...hanging(
      '',
      plain(`${sut === undefined ? `design ${design}` : sut} · ${world} · seed ${seed} · ${formatTime(durationMs)}`),
    ),
    '',
    `${verdictWord(verdict, colors)}  ${met} of ${expectations.length} ${expectations.length === 1 ? 'expectation' : 'expectations'} met`,
    ...(verdict.outcome === 'passed' ? [] : verdict.reasons.flatMap((reason) => hanging('  - ', plain(reason)))),
  ];
};

const faultLines = ({ faults, durationMs }: RunReport): readonly string[] => {
  const shown = faults.slice(0, MAX_FAULTS);
  const nameWidth = Math.max(0, ...shown.map(({ name }) => name.length));
  const times = shown.map(({ atMs, forMs }) => `${formatTime(atMs)} to ${formatTime(atMs + forMs)}`);
  const room = ROOM - nameWidth - 2 - 2 - Math.max(0, ...times.map((time) => time.length));
  const cells = Math.max(10, Math.min(MAX_BAR_CELLS, room));
  const lines = shown.flatMap((fault, index) => [
    `${plain(fault.name).padEnd(nameWidth)}  ${timelineBar([fault], durationMs, cells)}  ${times[index]}`,
    ...hanging(' '.repeat(nameWidth + 2), plain(`${fault.kind} on ${fault.targets.join(', ')}`)),
  ]);
  return faults.length > MAX_FAULTS ? [...lines, `and ${faults.length - MAX_FAULTS} more`] : lines;
};

/** A column of the phase table: its metric, and where the phase's report has it. */
const phaseColumns: readonly {
  readonly head: string;
  readonly metric: MetricName;
  readonly value: (phase: PhaseReport) => number | null;
}[] = [
  { head: 'avail.\n%', metric: 'availability', value: (phase) => phase.availability },
  { head: 'goodput\n/s', metric: 'goodput', value: (phase) => phase.goodputPerS },
  { head: 'p50\nms', metric: 'p50', value: (phase) => phase.latencyMs?.p50 ?? null },
  { head: 'p99\nms', metric: 'p99', value: (phase) => phase.latencyMs?.p99 ?? null },
  { head: 'degr.\n%', metric: 'degradedShare', value: (phase) => phase.degradedShare },
  { head: 'accur.\n%', metric: 'accuracy', value: (phase) => phase.accuracy },
  { head: 'cost\n$/1k', metric: 'costPer1k', value: (phase) => phase.costUsdPer1k },
];

const isTooFew = (phase: PhaseReport, metric: MetricName): boolean => phase.samples[metric] < metrics[metric].minSamples;

const phaseTable = (report: RunReport): readonly string[] => {
  const phases = [...report.phases, report.overall];
  const cell = (phase: PhaseReport, { metric, value }: (typeof phaseColumns)[number]): string => {
    const number = value(phase);
    if (number === null) return NOTHING;
    return `${isTooFew(phase, metric) ? '~' : ''}${formatNumber(metrics[metric].unit, number)}`;
  };
  const rows = phases.map((phase) => [
    plain(phase.name),
    String(phase.requests),
    ...phaseColumns.map((column) => cell(phase, column)),
  ]);
  const hasTooFew = rows.some((row) => row.some((text) => text.startsWith('~')));
  return [
    ...columns({
      head: ['phase', 'requests', ...phaseColumns.map(({ head }) => head)],
      rows,
      align: ['left', 'right', ...phaseColumns.map(() => 'right' as const)],
    }),
    ...(hasTooFew ? ['~ too few samples to judge by'] : []),
  ];
};

const outageLines = ({ phases }: RunReport): readonly string[] => {
  const time = (ms: number | null | undefined, windowMs: number, success: number): string => {
    if (ms === undefined) return 'not measurable';
    const objective = `${formatValue('share', success)} for ${formatTime(windowMs)}`;
    return `${ms === null ? 'never' : formatValue('ms', ms)} (${objective})`;
  };
  return phases.flatMap(({ name, objectives, failoverTimeMs, recoveryTimeMs }) => {
    if (!objectives) return [];
    const { failoverTime, recoveryTime } = objectives;
    const failover = time(failoverTimeMs, failoverTime.windowMs, failoverTime.success);
    const recovery = time(recoveryTimeMs, recoveryTime.windowMs, recoveryTime.success);
    return hanging(`${plain(name)}  `, `failover ${failover}, recovery ${recovery}`);
  });
};

const expectationTable = (results: readonly ExpectationResult[], colors: Colors): readonly string[] =>
  columns({
    rows: results.map((result) => {
      const { unit } = metrics[result.metric];
      const never = result.outcome === 'unmeasurable' ? NOTHING : 'never';
      return [
        marks[result.outcome](colors),
        result.metric,
        plain(scopeOf(result)),
        result.actual === null ? never : formatAgainst(unit, result.actual, result),
        formatBounds(unit, result),
        `n=${result.samples}`,
      ];
    }),
    align: ['left', 'left', 'left', 'right', 'left', 'right'],
  });

/** Why what could not be judged could not, where the verdict's reasons don't say it already. */
const unmeasurableLines = ({ expectations, verdict }: RunReport): readonly string[] => {
  const told = verdict.outcome === 'passed' ? [] : verdict.reasons;
  return expectations
    .filter(({ outcome, text }) => outcome === 'unmeasurable' && !told.some((reason) => reason.endsWith(text)))
    .flatMap(({ text }) => hanging('?  ', plain(text)));
};

const servedLines = ({ phases }: RunReport): readonly string[] => {
  const nameWidth = Math.max(0, ...phases.map(({ name }) => name.length));
  return phases.flatMap(({ name, servedBy, succeeded }) => {
    const servers = Object.entries(servedBy).sort(([, a], [, b]) => b - a);
    if (servers.length === 0) return [];
    const text = servers.map(([server, count]) => `${server} ${formatValue('share', count / succeeded)}`).join(', ');
    return hanging(`${plain(name).padEnd(nameWidth)}  `, plain(text));
  });
};

const eventLines = ({ events }: RunReport): readonly string[] => {
  const lines = events.map(({ atMs, text }) => hanging(`${formatMoment(atMs).padStart(7)}  `, plain(text)));
  return bounded(lines, MAX_EVENTS, (left) => [`         ... ${left} more (reporter json has them all)`]).flat();
};

/** What the system under test printed around its failures, and where all of it is. */
const outputLines = ({ output }: RunReport): readonly string[] => {
  if (!output) return [];
  const count = `${output.lineCount} ${output.lineCount === 1 ? 'line' : 'lines'}`;
  const where = output.file === null ? `${count}, kept nowhere` : `${count} in ${relative(process.cwd(), output.file)}`;
  return [
    ...hanging('', plain(where)),
    ...output.excerpts.flatMap(({ phase, atMs, what, lines }) => [
      ...hanging('', plain(`${phase}: ${what} at ${formatMoment(atMs)}`)),
      ...lines.flatMap((line) => hanging(`${formatMoment(line.atMs).padStart(7)}  `, plain(line.text))),
    ]),
  ];
};

/** The report of one run, lines of at most 80 columns where names allow it. */
export const renderRun = (report: RunReport, hasColor: boolean): string => {
  const colors = pc.createColors(hasColor);
  const steady = report.expectations.filter(({ isSteadyState }) => isSteadyState);
  const expected = report.expectations.filter(({ isSteadyState }) => !isSteadyState);
  const title = (text: string) => colors.bold(text);
  return [
    ...heading(report, colors),
    ...section(title('Faults'), faultLines(report)),
    ...section(title('Phases'), phaseTable(report)),
    ...section(title('Failover and recovery'), outageLines(report)),
    ...section(title('Steady state'), steady.length === 0 ? [] : expectationTable(steady, colors)),
    ...section(title('Expectations'), expected.length === 0 ? [] : expectationTable(expected, colors)),
    ...section(title('Not judged'), unmeasurableLines(report)),
    ...section(title('Recorded and reproduced'), curveLines(report)),
    ...section(title('Served by'), servedLines(report)),
    ...section(title('Where data went'), residencyLines(report.residency)),
    ...section(title('Cost'), costLines(report.overall.cost, report.overall.measuredMs)),
    ...section(title('Events'), eventLines(report)),
    ...section(title('Output of the system under test'), outputLines(report)),
    ...section(title('Method'), hanging('', report.method)),
    '',
  ]
    .map((line) => `${line}\n`)
    .join('');
};

const summary = (reports: readonly RunReport[], colors: Colors): string =>
  [
    colors.bold(`${reports.length} runs`),
    ...columns({
      rows: reports.map(({ verdict, scenario, sut, design }) => [
        verdictWord(verdict, colors),
        plain(scenario),
        plain(sut ?? design),
      ]),
      align: ['left', 'left', 'left'],
    }).map((line) => `  ${line}`),
  ]
    .map((line) => `${line}\n`)
    .join('');

/** For people: each run as it ends, and a progress line where somebody watches. */
export const terminalReporter: ReporterDefinition = {
  summary: 'Tables for people, and a progress line on a terminal.',
  create(output) {
    const progressLine = createProgressLine(output.progress);
    return {
      onProgress: (progress) => progressLine.show(progress),
      onRunEnd(report) {
        progressLine.clear();
        output.write(renderRun(report, output.hasColor));
      },
      onEnd(reports) {
        progressLine.clear();
        if (reports.length > 1) output.write(summary(reports, pc.createColors(output.hasColor)));
      },
    };
  },
};
