import { createRequire } from 'node:module';
import type { CurveReport } from '../../harness/verdict/curves.ts';
import { formatNumber, formatTime } from '../../harness/verdict/format.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import { plain } from '../layout.ts';
import type { ReporterDefinition } from '../reporter.ts';
import { escapeText } from '../xml.ts';
import { curveMeasures } from './lines.ts';

const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c2430;--faint:#5a6572;--rule:#dfe3e8}
@media (prefers-color-scheme:dark){:root{--paper:#14181f;--ink:#e7ebf0;--faint:#a3adba;--rule:#2f3742}}
body{background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:64rem;padding:1.5rem}
h1{font-size:1.35rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}p{margin:.3rem 0}.faint{color:var(--faint)}
svg{max-width:100%;height:auto;display:block;margin:1rem 0}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--rule);text-align:right}th:first-child,td:first-child,th:nth-child(2),td:nth-child(2){text-align:left}
`;

const text = (value: string): string => escapeText(plain(value));

const rowsOf = (curve: CurveReport): readonly string[] =>
  curveMeasures.flatMap(({ measure, label, text: shown }) => {
    const difference = curve.difference[measure];
    if (!difference) return [];
    const apart = measure === 'errorRate' ? `${formatNumber('share', difference.mean)} points` : shown(difference.mean);
    const cells = [curve.target, label, shown(difference.recordedMean), apart, `${difference.steps} of ${difference.of}`];
    return [`<tr>${cells.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`];
  });

type Drawing = typeof import('../compare/chart.ts') & typeof import('./chart.ts');

/**
 * The library that draws is read only when something is drawn: it takes longer to read than all of squall. Reporters write before they return, so
 * that it is required rather than imported.
 */
const drawing = (): Drawing => {
  const require = createRequire(import.meta.url);
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return { ...require(`../compare/chart.${extension}`), ...require(`./chart.${extension}`) };
};

/** Names within an SVG are names of the whole page: each chart has its own. */
const withOwnNames = (svg: string, name: string): string =>
  svg.replaceAll('squall-clip-', `squall-${name}-clip-`).replaceAll(/squall-chart-(title|desc)/g, `squall-${name}-$1`);

const section = (report: RunReport, number: number): string => {
  const { curves = [] } = report;
  const head = `<h2>${text(report.title)}</h2>\n<p class="faint">${text(`${report.scenario} · design ${report.design} · ${report.world} · seed ${report.seed} · ${formatTime(report.durationMs)} · ${report.verdict.outcome}`)}</p>`;
  if (curves.length === 0) return `${head}\n<p>The scenario has nothing recorded to lay over the run.</p>`;
  const { renderSvg, curveChart } = drawing();
  const heads = ['region', 'measure', 'recorded', 'apart by', 'steps'].map((name) => `<th scope="col">${name}</th>`).join('');
  return [
    head,
    `<p>Recorded: ${text(curves[0]!.source)}. Apart by: the mean of the absolute differences, over the steps in which both are known.</p>`,
    `<table><thead><tr>${heads}</tr></thead><tbody>\n${curves.flatMap(rowsOf).join('\n')}\n</tbody></table>`,
    ...curves.map((curve, index) => withOwnNames(renderSvg(curveChart(report, curve)), `${number}-${index}`)),
  ].join('\n');
};

const page = (reports: readonly RunReport[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>squall: recorded and reproduced</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Recorded and reproduced</h1>
${reports.map(section).join('\n')}
</main>
</body>
</html>
`;

/** A page with the recorded curves over those of each run. */
export const curvesReporter: ReporterDefinition = {
  summary: 'A page with what was recorded of an incident over what the run gives, as SVG charts that need nothing from outside.',
  create: (output) => ({
    onEnd(reports) {
      output.write(page(reports));
    },
  }),
};
