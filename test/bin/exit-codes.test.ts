import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../bin/exit-codes.ts';
import type { RunReport, Verdict } from '../../harness/verdict/report.ts';

const reports = (...outcomes: Verdict['outcome'][]) =>
  outcomes.map((outcome) => ({ verdict: { outcome, reasons: [] } }) as unknown as RunReport);

describe('the exit code of several runs', () => {
  it.each([
    [reports('passed', 'passed'), 0],
    [reports('passed', 'failed'), 1],
    [reports('passed', 'invalid'), 3],
    [reports('invalid', 'failed', 'passed'), 1],
  ])('%#: is that of the worst', (runs, code) => {
    expect(exitCodeOf(runs)).toBe(code);
  });
});
