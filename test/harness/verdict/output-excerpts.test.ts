import { describe, expect, it } from 'vitest';
import { outputReport } from '../../../harness/verdict/output-excerpts.ts';
import type { ExpectationResult } from '../../../harness/verdict/report.ts';
import { requestsAt, unanswered } from '../../support/records.ts';

const phases = [
  { name: 'baseline', kind: 'baseline', windows: [{ startMs: 0, endMs: 10_000 }] },
  { name: 'outage', kind: 'fault', windows: [{ startMs: 10_000, endMs: 20_000 }] },
] as const;

const result = (phase: string, outcome: ExpectationResult['outcome']): ExpectationResult => ({
  phase,
  metric: 'availability',
  isSteadyState: false,
  actual: 0.5,
  samples: 100,
  outcome,
  text: '',
});

/** A line every 100 ms of the timeline. */
const output = {
  file: '/runs/sut.log',
  lineCount: 200,
  lines: Array.from({ length: 200 }, (_, index) => ({ atMs: index * 100, stream: 'out' as const, text: `line ${index}` })),
};
const requests = [...requestsAt(10, 0, 15_000), ...requestsAt(10, 15_000, 20_000, { ...unanswered, latencyMs: 50 })];

describe('what a system under test printed around its failures', () => {
  it('is shown for a phase in which an expectation broke, nearest lines first to last', () => {
    const { output: told } = outputReport(output, requests, phases, [result('baseline', 'met'), result('outage', 'broken')]);
    expect(told).toMatchObject({ file: '/runs/sut.log', lineCount: 200 });
    const [excerpt, ...others] = told!.excerpts;
    expect(others).toEqual([]);
    expect(excerpt).toMatchObject({ phase: 'outage', atMs: 15_050, what: 'the first connection-error' });
    const times = excerpt!.lines.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((atMs) => Math.abs(atMs - 15_050) < 700)).toBe(true);
    expect(times).toHaveLength(12);
  });

  it('is none where all is met, and where nothing was printed near', () => {
    expect(outputReport(output, requests, phases, [result('outage', 'met')]).output!.excerpts).toEqual([]);
    const silent = { ...output, lines: output.lines.filter(({ atMs }) => atMs < 5_000) };
    expect(outputReport(silent, requests, phases, [result('outage', 'broken')]).output!.excerpts).toEqual([]);
  });

  it('is absent where nobody listened', () => {
    expect(outputReport(undefined, requests, phases, [])).toEqual({});
  });
});
