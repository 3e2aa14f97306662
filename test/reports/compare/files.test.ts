import { describe, expect, it } from 'vitest';
import type { ComparisonReport } from '../../../harness/compare/report.ts';
import { comparisonReporters } from '../../../reports/compare/index.ts';
import { aComparison, anInvalidOutcome, anOutcome, aSweep } from '../../support/comparisons.ts';
import { type ReadElement, readXml } from '../../support/xml.ts';

const HOSTILE = 'a<b>&"c';

const designs = () =>
  aComparison(
    {
      [HOSTILE]: [anOutcome(1, { deadS: 3, costUsd: 1 }), anOutcome(2, { deadS: 2, costUsd: 1 })],
      good: [anOutcome(1), anOutcome(2)],
      lost: [anInvalidOutcome(1)],
    },
    { seeds: [1, 2] },
  );
const sweep = () =>
  aSweep(['breaker.threshold=3..5'], ['sound', 'other'], (_, index) => [anOutcome(1, { deadS: index === 2 ? 10 : index })]);
const nothing = () => aComparison({ one: [anInvalidOutcome(1)], two: [anInvalidOutcome(1)] });

const reports: readonly (readonly [string, () => ComparisonReport])[] = [
  ['designs', designs],
  ['a sweep', sweep],
  ['nothing that could be judged', nothing],
];

const written = async (reporter: string, report: ComparisonReport): Promise<string> => {
  let output = '';
  await comparisonReporters[reporter]!.create({
    write: (text) => {
      output += text;
    },
    hasColor: false,
  }).onEnd(report);
  return output;
};

const textsOf = (element: ReadElement): string => element.text + element.children.map(textsOf).join(' ');
const find = (element: ReadElement, name: string): readonly ReadElement[] => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => find(child, name)),
];

/** Whatever a browser would fetch: an address other than a namespace's name, which nobody opens. */
const outside = (text: string): readonly string[] =>
  [...text.matchAll(/(?:src|href|url\((?!#)|@import)[^>]{0,40}/g)].map(([found]) => found);

describe('reporters of comparisons', () => {
  it.each(Object.entries(comparisonReporters))('%s says what it writes, in one sentence', (_name, { summary }) => {
    expect(summary).toMatch(/^[A-Z][^\n]*\.$/);
  });

  it.each(Object.keys(comparisonReporters))('%s writes the same for the same comparison', async (name) => {
    expect(await written(name, designs())).toBe(await written(name, designs()));
    expect(await written(name, sweep())).toBe(await written(name, sweep()));
  });
});

describe('the SVG plot', () => {
  it.each(reports)(
    'is well-formed, has a title for those who do not see it, and needs nothing from outside: %s',
    async (_name, report) => {
      const svg = await written('svg', report());
      const root = readXml(svg);
      expect(root.name).toBe('svg');
      expect(root.attributes.role).toBe('img');
      expect(find(root, 'title')).toHaveLength(1);
      expect(outside(svg)).toEqual([]);
      expect(find(root, 'script')).toEqual([]);
    },
  );

  it('shows each design by its name, and tells in words what it shows', async () => {
    const root = readXml(await written('svg', designs()));
    const texts = find(root, 'text').map(textsOf);
    expect(texts).toContain(`${HOSTILE} (failed)`);
    expect(texts).toContain('good');
    expect(texts).not.toContain('lost');
    expect(textsOf(find(root, 'desc')[0]!)).toContain('good: 100 % at $1, on the front.');
    expect(root.attributes['aria-labelledby']!.split(' ')).toEqual([
      find(root, 'title')[0]!.attributes.id,
      find(root, 'desc')[0]!.attributes.id,
    ]);
  });

  it('takes other colours in the dark, every one that it uses', async () => {
    const svg = await written('svg', designs());
    const dark = /prefers-color-scheme:dark\)\{(.*)\}<\/style>/.exec(svg)![1]!;
    const seen = svg.replace(/<(style|clipPath)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*stroke-width="0"[^>]*>/g, '');
    const used = new Set([...seen.matchAll(/(?:fill|stroke)="(#\w+)"/g)].map(([, color]) => color!));
    expect([...used].filter((color) => !dark.includes(`"${color}"`))).toEqual([]);
  });

  it('has a panel for each measure of a sweep, and says where a time was never reached', async () => {
    const texts = find(readXml(await written('svg', sweep())), 'text').map(textsOf);
    expect(texts).toEqual(
      expect.arrayContaining(['Availability, %', 'p99 latency, ms', 'Cost per 1,000, $/1k', 'sound', 'other']),
    );
    expect(texts.some((text) => text.includes('Failover time, worst fault, ms (never reached: 5)'))).toBe(true);
  });
});

describe('the page', () => {
  it.each(reports)('needs nothing from outside: %s', async (_name, report) => {
    const page = await written('html', report());
    expect(outside(page)).toEqual([]);
    expect(page).not.toContain('<script');
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  it('has the plot, and the table below it with a head for each column and row', async () => {
    const page = await written('html', designs());
    expect(page.indexOf('<svg')).toBeLessThan(page.indexOf('<table>'));
    expect(page.match(/<th scope="row">/g)).toHaveLength(3);
    expect(page).toContain('a&lt;b&gt;&amp;"c');
    expect(page).not.toContain(HOSTILE);
    expect(page).toContain('on the front');
    expect(page).toContain('<td class="invalid">invalid');
  });
});

describe('the JSON of a comparison', () => {
  it('is the report as it is', async () => {
    const report = sweep();
    expect(JSON.parse(await written('json', report))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it('has "never" for a time that was never reached', async () => {
    const { variants } = JSON.parse(await written('json', sweep()));
    expect(variants[2].measures.failoverTime).toMatchObject({ median: 'never', min: 'never', max: 'never' });
  });
});
