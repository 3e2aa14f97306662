import { describe, expect, it } from 'vitest';
import { accuracyReport, answersWithin } from '../../../harness/privacy/accuracy-curve.ts';
import { lossOf } from '../../../harness/serving/privacy/mechanism.ts';
import { renderSvg } from '../../../reports/compare/chart.ts';
import { privacyChart } from '../../../reports/privacy/chart.ts';
import { privacyText } from '../../../reports/privacy/text.ts';

const dataset = {
  name: 'patients',
  kind: 'patients',
  rows: 300,
  seed: 1,
  regions: ['us-east'],
  residency: null,
  readers: [],
  analysts: [],
};
const budget = { epsilon: 2, delta: 1e-5 };
const make = () => accuracyReport({ dataset, seed: 1, draws: 60, delta: 1e-6, budget });

describe('the curve of epsilon against accuracy', () => {
  const report = make();

  it('falls: more epsilon is less error, for every statistic and mechanism', () => {
    expect(report.curves).toHaveLength(6);
    for (const { points, of, mechanism } of report.curves) {
      expect(points.at(-1)!.error, `${of} ${mechanism}`).toBeLessThan(points[0]!.error / 5);
    }
  });

  it('is the same for the same seed', () => {
    expect(make()).toEqual(report);
  });

  it('says how many answers a budget pays for', () => {
    expect(answersWithin('sequential', lossOf('laplace', 0.1, 0), budget)).toBe(20);
    expect(answersWithin('advanced', lossOf('laplace', 0.01, 0), budget)).toBeGreaterThan(
      answersWithin('sequential', lossOf('laplace', 0.01, 0), budget),
    );
    expect(answersWithin('advanced', lossOf('laplace', 3, 0), budget)).toBe(0);
    expect(answersWithin('advanced', lossOf('gaussian', 0.05, 1e-6), budget)).toBeGreaterThan(
      answersWithin('advanced', lossOf('laplace', 0.05, 0), budget),
    );
  });

  it('is a table and a figure', () => {
    const text = privacyText(report);
    for (const { epsilon } of report.curves[0]!.points) expect(text).toContain(`\n${String(epsilon).padStart(7)}`);
    const svg = renderSvg(privacyChart(report));
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain('patients: what a statistic');
    expect(svg).not.toContain('NaN');
  });
});
