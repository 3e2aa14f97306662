import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ComparisonReport } from '../../../harness/compare/report.ts';
import { renderComparison } from '../../../reports/compare/terminal.ts';
import { aComparison, anInvalidOutcome, anOutcome, aSweep } from '../../support/comparisons.ts';

const threeDesigns = () =>
  aComparison({
    'single-region': [anOutcome(1, { deadS: 3, costUsd: 1 })],
    'multi-cloud-priority': [anOutcome(1, { costUsd: 3 })],
    'multi-cloud-cost-aware': [anOutcome(1, { costUsd: 4 })],
  });
const threeSeeds = () =>
  aComparison(
    {
      'single-region': [anOutcome(1), anOutcome(2, { deadS: 1 }), anOutcome(3, { deadS: 2, costUsd: 1 })],
      'multi-cloud-hedged': [anOutcome(1), anInvalidOutcome(2)],
    },
    { seeds: [1, 2, 3], isInterrupted: true },
  );
const aKnobSwept = () =>
  aSweep(['breaker.threshold=3..12'], ['sound'], (_, index) => [anOutcome(1, { deadS: index / 4 }), anOutcome(2)], [1, 2]);
const aGrid = () =>
  aSweep(['breaker.threshold=3..5', 'hedging=on,off'], ['sound', 'other'], (_, index) => [anOutcome(1, { deadS: index })]);

const all: readonly (readonly [string, () => ComparisonReport])[] = [
  ['three designs', threeDesigns],
  ['several seeds', threeSeeds],
  ['a sweep', aKnobSwept],
  ['a grid', aGrid],
];

const lineWith = (report: ComparisonReport, text: string): string =>
  renderComparison(report, false)
    .split('\n')
    .find((line) => line.includes(text)) ?? '';

describe('a comparison on the terminal', () => {
  it.each(all)('keeps to eighty columns: %s', (_name, report) => {
    const lines = renderComparison(report(), false).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  });

  it.each(all)('says the same without colour as with it: %s', (_name, report) => {
    const plain = renderComparison(report(), false);
    expect(stripVTControlCharacters(plain)).toBe(plain);
    expect(stripVTControlCharacters(renderComparison(report(), true))).toBe(plain);
  });

  it('has a row for each design, with a mark where it is on the front', () => {
    const report = threeDesigns();
    expect(lineWith(report, '* single-region')).toMatch(/failed +90 +\d+ +3000 +0 +100 +0\.37/);
    expect(lineWith(report, '* multi-cloud-priority')).toMatch(/passed +100 +20 +0 +0 +100 +1$/);
    expect(lineWith(report, '  multi-cloud-cost-aware')).toMatch(/passed/);
    expect(renderComparison(report, false)).toContain('90 % at full quality; worst in region-outage: availability 70 %');
  });

  it('has the lowest and the highest of several seeds, and how many have the verdict', () => {
    const lines = renderComparison(threeSeeds(), false).split('\n');
    const at = lines.findIndex((line) => line.includes('single-region '));
    expect(lines[at]).toMatch(/failed +96\.67/);
    expect(lines[at + 1]).toMatch(/lowest +1\/3 +93\.33/);
    expect(lines[at + 2]).toMatch(/highest +100/);
  });

  it('says why a design could not be judged, and that it was interrupted', () => {
    const text = renderComparison(threeSeeds(), false);
    expect(text).toContain('multi-cloud-hedged: invalid: steady state: availability in');
    expect(text).toContain('Interrupted after 5 of 6 runs');
  });

  it('draws the designs with their names, and the front', () => {
    const plot = renderComparison(threeDesigns(), false).split('Cost against availability\n')[1]!;
    for (const name of ['single-region', 'multi-cloud-priority', 'multi-cloud-cost-aware']) expect(plot).toContain(name);
    expect(plot.match(/◆/g)).toHaveLength(3);
    expect(plot).toMatch(/100 │.*◆/);
    expect(plot).toMatch(/90 │ ◆/);
  });

  it('draws the measures over the values of a knob, with ranges', () => {
    const text = renderComparison(aKnobSwept(), false);
    expect(text).toContain('circuitBreaker.consecutiveFailures: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12');
    const plot = text.split('Over circuitBreaker.consecutiveFailures\n')[1]!;
    expect(plot).toContain('Availability, %');
    expect(plot).toContain('Cost per 1,000, $/1k');
    expect(plot.match(/●/g)!.length).toBeGreaterThanOrEqual(60);
    expect(plot).toMatch(/3 +12/);
  });

  it('says so where no value made a difference', () => {
    const alike = aSweep(['breaker.threshold=3..5'], ['sound'], () => [anOutcome(1)]);
    expect(renderComparison(alike, false)).toContain('No value made a difference in this scenario.');
    expect(renderComparison(aKnobSwept(), false)).not.toContain('No value made a difference');
  });

  it('draws of a grid a series for each design and value of the second knob', () => {
    const plot = renderComparison(aGrid(), false).split('Over circuitBreaker.consecutiveFailures\n')[1]!;
    expect(plot).toContain('a  sound hedging=on');
    expect(plot).toContain('d  other hedging=off');
  });
});
