import type { RunReport } from '../harness/verdict/report.ts';

/** What the command's exit code says (docs/scenarios.md). */
export const exitCodes = { passed: 0, failed: 1, badInput: 2, invalid: 3, interrupted: 130 } as const;

/** Of several runs a failed one decides, then an invalid one. */
export const exitCodeOf = (reports: readonly RunReport[]): number => {
  const outcomes = reports.map((report) => report.verdict.outcome);
  if (outcomes.includes('failed')) return exitCodes.failed;
  if (outcomes.includes('invalid')) return exitCodes.invalid;
  return exitCodes.passed;
};
