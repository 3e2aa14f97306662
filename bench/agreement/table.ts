import Table from 'cli-table3';
import type { Agreement } from './compare.ts';
import type { Figures, Sample } from './figures.ts';

/** One case, judged. */
export interface Row {
  readonly scenario: string;
  readonly design: string;
  readonly live: Sample;
  readonly sim: Sample;
  readonly agreement: Agreement;
}

const HEAD = ['scenario', 'design', 'world', 'verdict', 'availability', 'p50 ms', 'p99 ms', 'failover ms', 'agree'];

const failover = (failoverMs: Figures['failoverMs']): string => {
  if (failoverMs === undefined) return '-';
  return failoverMs === null ? 'never' : failoverMs.toFixed(0);
};

const verdict = ({ runs, invalid, figures }: Sample): string => {
  const valid = figures ? `${figures.outcome}` : '';
  const lost = invalid.length > 0 ? `${invalid.length} of ${runs} invalid` : '';
  return [valid, lost].filter((text) => text !== '').join(', ');
};

const figureCells = ({ figures }: Sample): readonly string[] =>
  figures
    ? [
        `${(figures.availability * 100).toFixed(2)} %`,
        figures.p50Ms.toFixed(1),
        figures.p99Ms.toFixed(1),
        failover(figures.failoverMs),
      ]
    : ['-', '-', '-', '-'];

const AGREE: Readonly<Record<Agreement['type'], string>> = { agrees: 'yes', disagrees: 'NO', 'not-judged': 'NOT JUDGED' };

/** Two lines a case: live, then sim. */
const linesOf = ({ scenario, design, live, sim, agreement }: Row): readonly (readonly string[])[] => [
  [scenario, design, 'live', verdict(live), ...figureCells(live), AGREE[agreement.type]],
  ['', '', 'sim', verdict(sim), ...figureCells(sim), ''],
];

const NO_LINES_BETWEEN = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

export const toTable = (rows: readonly Row[]): string => {
  const table = new Table({ head: HEAD, style: { head: [], border: [] }, chars: NO_LINES_BETWEEN });
  table.push(...rows.flatMap(linesOf).map((cells) => [...cells]));
  return table.toString();
};

export const toMarkdown = (rows: readonly Row[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows.flatMap(linesOf).map(line)].join('\n');
};

/** What is out of bounds, and what could not be judged, one line each. */
export const problemsOf = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap(({ scenario, design, agreement }) => {
    if (agreement.type === 'agrees') return [];
    const what = agreement.type === 'disagrees' ? agreement.about : [agreement.why];
    return what.map((text) => `${scenario}, ${design}: ${text}`);
  });
