import { measures } from '../../harness/compare/measures.ts';
import type { ComparisonReport, VariantReport } from '../../harness/compare/report.ts';
import { plain } from '../layout.ts';
import { escapeText } from '../xml.ts';
import { cellText, endText, hasRanges, measureColumns, shareText, subjectText, worstPhaseText } from './cells.ts';
import type { ComparisonReporterDefinition } from './reporter.ts';
import { plotSvg } from './svg.ts';

const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c2430;--faint:#5a6572;--rule:#dfe3e8;--good:#00704f;--bad:#b3261e;--unsure:#7a6400}
@media (prefers-color-scheme:dark){:root{--paper:#14181f;--ink:#e7ebf0;--faint:#a3adba;--rule:#2f3742;--good:#4fd1a1;--bad:#ff8a80;--unsure:#e0c341}}
body{background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1.5rem}
h1{font-size:1.35rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .5rem}p{margin:.3rem 0}.faint,small{color:var(--faint)}small{display:block}
svg{max-width:100%;height:auto;display:block;margin:1rem 0}.scroll{overflow-x:auto}
td small,th small{font-weight:400}table{border-collapse:collapse;width:100%;font-size:.87rem;font-variant-numeric:tabular-nums}caption{text-align:left;color:var(--faint);padding-bottom:.4rem}
th,td{padding:.35rem .45rem;border-bottom:1px solid var(--rule);text-align:right;vertical-align:top;white-space:nowrap}
th:first-child,td:nth-child(2),th:nth-child(2),td:last-child,th:last-child{text-align:left}td:last-child{white-space:normal;min-width:7rem}thead th{color:var(--faint);font-weight:600}tbody th{font-weight:600}
.passed{color:var(--good)}.failed{color:var(--bad)}.invalid,.not-run{color:var(--unsure)}
`;

const text = (value: string): string => escapeText(plain(value));

const cell = (variant: VariantReport, measure: (typeof measureColumns)[number]['measure'], isRanged: boolean): string => {
  const [low, high] = [cellText(variant, measure, 'min'), cellText(variant, measure, 'max')];
  const range = isRanged && low !== high ? `<small>${low}–${high}</small>` : '';
  return `<td>${cellText(variant, measure, 'median')}${range}</td>`;
};

const row = (variant: VariantReport, isRanged: boolean): string => {
  const { outcome } = variant.verdict;
  const share = isRanged ? `<small>${shareText(variant)}</small>` : '';
  return [
    `<tr><th scope="row">${text(variant.name)}${variant.isOnFront ? '<small>on the front</small>' : ''}</th>`,
    `<td class="${outcome}">${outcome.replace('-', ' ')}${share}</td>`,
    ...measureColumns.map(({ measure }) => cell(variant, measure, isRanged)),
    `<td>${text(worstPhaseText(variant))}</td></tr>`,
  ].join('');
};

const table = (report: ComparisonReport): string => {
  const isRanged = hasRanges(report);
  const heads = measureColumns.map(
    ({ measure, head, unit }) => `<th scope="col" title="${measures[measure].label}">${head}<small>${unit}</small></th>`,
  );
  const first = report.knobs.length === 0 ? 'design' : report.knobs.map(({ path }) => text(path)).join(', ');
  return [
    '<div class="scroll"><table>',
    `<caption>${isRanged ? 'Medians, and from lowest to highest. ' : ''}On the front: no other is as cheap and as available at full quality, and better in one.</caption>`,
    `<thead><tr><th scope="col">${first}</th><th scope="col">verdict</th>${heads.join('')}<th scope="col">worst phase</th></tr></thead>`,
    `<tbody>\n${report.variants.map((variant) => row(variant, isRanged)).join('\n')}\n</tbody></table></div>`,
  ].join('\n');
};

/** Reasons of one design that the page shows: each seed has its own, and they are alike. */
const SHOWN_REASONS = 5;

const reasonsText = (all: readonly string[]): string => {
  const more = all.length - SHOWN_REASONS;
  return [...all.slice(0, SHOWN_REASONS).map(text), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
};

const reasons = ({ variants }: ComparisonReport): string => {
  const reasoned = variants.filter(({ verdict }) => verdict.reasons.length > 0);
  if (reasoned.length === 0) return '';
  const items = reasoned.map(
    ({ name, verdict }) => `<li><strong>${text(name)}</strong>, ${verdict.outcome}: ${reasonsText(verdict.reasons)}</li>`,
  );
  return `<h2>Not passed</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
};

const page = (report: ComparisonReport, svg: string | null): string => {
  const end = endText(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${text(`squall compare ${report.scenario}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${text(report.title)}</h1>
<p class="faint">${text(`${report.scenario} · ${subjectText(report)}`)}</p>
${end === null ? '' : `<p class="invalid">${text(end)}</p>`}
${svg ?? '<p>No run could be judged: nothing to plot.</p>'}
${table(report)}
${reasons(report)}
<h2>Method</h2>
<p>${text(report.method)}</p>
</main>
</body>
</html>
`;
};

/** A page with the plot and the table below it. */
export const htmlReporter: ComparisonReporterDefinition = {
  summary: 'A page with the plot and the table that needs nothing from outside.',
  create: (output) => ({
    async onEnd(report) {
      output.write(page(report, await plotSvg(report)));
    },
  }),
};
