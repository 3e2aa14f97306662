import { describe, expect, it } from 'vitest';
import { reporters } from '../../reports/index.ts';
import type { ReporterDefinition } from '../../reports/reporter.ts';
import { aFailedReport, aPassedReport, written } from '../support/reports.ts';

describe('reporters', () => {
  it.each(Object.entries(reporters))('%s says what it writes, in one sentence', (_name, { summary }) => {
    expect(summary).toMatch(/^[A-Z][^\n]*\.$/);
  });

  it("takes a user's own reporter by the same interface", () => {
    const verdictsOnly: ReporterDefinition = {
      summary: 'One word a run.',
      create: (output) => ({ onRunEnd: (report) => output.write(`${report.scenario} ${report.verdict.outcome}\n`) }),
    };
    expect(written(verdictsOnly, [aPassedReport(), aFailedReport()]).output).toBe('region-outage passed\nregion-outage failed\n');
  });

  it.each(Object.entries(reporters))('%s writes the same for the same run', (_name, definition) => {
    expect(written(definition, [aFailedReport()])).toEqual(written(definition, [aFailedReport()]));
  });
});
