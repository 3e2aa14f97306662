import pc from 'picocolors';
import type { ComparisonReport, VariantReport } from '../../harness/compare/report.ts';
import { bounded, columns, hanging, plain, ROOM, section } from '../layout.ts';
import { cellText, endText, hasRanges, measureColumns, shareText, subjectText, worstPhaseText } from './cells.ts';
import { paretoPlot } from './pareto-plot.ts';
import { createProgressLine } from './progress-line.ts';
import type { ComparisonReporterDefinition } from './reporter.ts';
import { sweepPlot } from './sweep-plot.ts';

type Colors = ReturnType<typeof pc.createColors>;

const MAX_REASONED = 12;
const FRONT_MARK = '*';
const INDENT = '    ';

const verdictColors: Readonly<Record<VariantReport['verdict']['outcome'], (colors: Colors) => (text: string) => string>> = {
  passed: (colors) => colors.green,
  failed: (colors) => colors.red,
  invalid: (colors) => colors.yellow,
  'not-run': (colors) => colors.dim,
};

/** Availability at full quality stands in the line below: eighty columns have no more room. */
const shownColumns = measureColumns.filter(({ measure }) => measure !== 'fullQuality');

const detailText = (variant: VariantReport): string =>
  `${cellText(variant, 'fullQuality', 'median')} % at full quality; worst in ${worstPhaseText(variant)}`;

const rowsOf = (variant: VariantReport, isRanged: boolean, colors: Colors): readonly (readonly string[])[] => {
  const { verdict, isOnFront, name } = variant;
  const verdictText = verdictColors[verdict.outcome](colors)(verdict.outcome.replace('-', ' '));
  const row = (first: string, second: string, part: 'median' | 'min' | 'max') => [
    first,
    second,
    ...shownColumns.map(({ measure }) => cellText(variant, measure, part)),
  ];
  return [
    row(`${isOnFront ? FRONT_MARK : ' '} ${colors.bold(plain(name))}`, verdictText, 'median'),
    ...(isRanged ? [row(`${INDENT}lowest`, shareText(variant), 'min'), row(`${INDENT}highest`, '', 'max')] : []),
  ];
};

const tableLines = (report: ComparisonReport, colors: Colors): readonly string[] => {
  const { variants, knobs } = report;
  const isRanged = hasRanges(report);
  const rows = variants.map((variant) => rowsOf(variant, isRanged, colors));
  // The names of knobs stand above the table: they are longer than any value.
  const head = knobs.length === 0 ? 'design' : 'value';
  const lines = columns({
    head: [`  ${head}`, 'verdict', ...shownColumns.map((column) => `${column.head}\n${column.unit}`)],
    rows: rows.flat(),
    align: ['left', 'left', ...shownColumns.map(() => 'right' as const)],
  });
  const headLines = lines.length - rows.flat().length;
  const perVariant = rows[0]?.length ?? 1;
  const hasTooFew = rows.flat(2).some((text) => text.startsWith('~'));
  return [
    ...lines.slice(0, headLines),
    ...variants.flatMap((variant, index) => [
      ...lines.slice(headLines + index * perVariant, headLines + (index + 1) * perVariant),
      ...(variant.worstPhase ? [colors.dim(`${INDENT}${plain(detailText(variant))}`)] : []),
    ]),
    ...(variants.some(({ isOnFront }) => isOnFront)
      ? [`${FRONT_MARK} on the Pareto front: no other is as cheap and as available at full quality`]
      : []),
    ...(hasTooFew ? ['~ too few samples to judge by'] : []),
  ];
};

const reasonLines = ({ variants }: ComparisonReport): readonly string[] => {
  const reasoned = variants.filter(({ verdict }) => verdict.reasons.length > 0);
  const lines = reasoned.map(({ name, verdict }) => {
    const [first, ...others] = verdict.reasons;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    return hanging(`${plain(name)}: `.slice(0, 30), plain(`${verdict.outcome}: ${first}${more}`));
  });
  return bounded(lines, MAX_REASONED, (left) => [`... ${left} more (reporter json has them all)`]).flat();
};

const knobLines = ({ knobs }: ComparisonReport): readonly string[] =>
  knobs.flatMap(({ path, values }) => hanging(`${plain(path)}: `, plain(values.join(', '))));

/** The whole comparison, lines of at most 80 columns where names allow it. */
export const renderComparison = (report: ComparisonReport, hasColor: boolean): string => {
  const colors = pc.createColors(hasColor);
  const end = endText(report);
  const isSweep = report.knobs.length > 0;
  const title = (text: string) => colors.bold(text);
  return [
    ...hanging('', plain(`compare ${report.scenario}: ${report.title}`)),
    ...hanging('', plain(subjectText(report))),
    ...(end === null ? [] : hanging('', colors.yellow(end))),
    ...section(title('Knobs'), knobLines(report)),
    ...section(title('Designs'), tableLines(report, colors)),
    ...section(title('Not passed'), reasonLines(report)),
    ...(isSweep
      ? section(title(`Over ${plain(report.knobs[0]!.path)}`), sweepPlot(report, ROOM))
      : section(title('Cost against availability'), paretoPlot(report, ROOM))),
    ...section(title('Method'), hanging('', report.method)),
    '',
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
};

/** For people: a table, a plot in characters, and a progress line where somebody watches. */
export const terminalReporter: ComparisonReporterDefinition = {
  summary: 'A table and a plot for people, and a progress line on a terminal.',
  create(output) {
    const progressLine = createProgressLine(output.progress);
    return {
      onProgress: (progress) => progressLine.show(progress),
      onEnd(report) {
        progressLine.clear();
        output.write(renderComparison(report, output.hasColor));
      },
    };
  },
};
