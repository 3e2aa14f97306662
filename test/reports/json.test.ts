import { describe, expect, it } from 'vitest';
import { sha256OfValue } from '../../harness/evidence/canonical.ts';
import { reporters } from '../../reports/index.ts';
import { aFailedReport, anInvalidReport, written } from '../support/reports.ts';

describe('json reporter', () => {
  it('writes one document with the reports as they are, and nothing else', () => {
    const runs = [aFailedReport(), anInvalidReport()];
    const { output, progress } = written(reporters.json!, runs);
    expect(JSON.parse(output)).toEqual({ schemaVersion: 1, runs, sha256: runs.map(sha256OfValue) });
    expect(output.endsWith('}\n')).toBe(true);
    expect(progress).toBe('');
  });

  it('given no run, then the document is there all the same', () => {
    expect(JSON.parse(written(reporters.json!, []).output)).toEqual({ schemaVersion: 1, runs: [], sha256: [] });
  });
});
