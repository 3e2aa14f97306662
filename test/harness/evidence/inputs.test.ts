import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRuns } from '../../../harness/evidence/inputs.ts';
import { keepRun } from '../../../harness/evidence/kept-run.ts';
import { writeReportDocument } from '../../../harness/evidence/report-document.ts';
import { loadScenario } from '../../../harness/scenario/load-scenario.ts';
import type { RunReport } from '../../../harness/verdict/report.ts';
import { reportOf } from '../../support/evidence.ts';

let folder: string;
let report: RunReport;
let kept: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'squall-inputs-'));
  report = await reportOf('region-outage');
  kept = join(folder, 'runs', 'kept');
  keepRun({ folder: kept, report, scenario: await loadScenario('region-outage'), startedAt: new Date('2026-11-27T16:00:00Z') });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** Reads runs while a file has another text. */
const whileChanged = (path: string, change: (text: string) => string, read: () => unknown) => {
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, change(text));
  try {
    return read();
  } finally {
    writeFileSync(path, text);
  }
};

describe('runs for evidence', () => {
  it('are read from a folder that was kept, with what they ran from', () => {
    const [run] = readRuns([kept]);
    expect(run!.report.scenario).toBe('region-outage');
    expect(run!.circumstances).toMatchObject({ startedAt: '2026-11-27T16:00:00.000Z' });
    expect(run!.sources.map(({ name }) => name)).toEqual(['design.json', 'scenario.yaml', 'run.json']);
  });

  it('are read from a JSON report, all of its runs', () => {
    const path = file('two.json', writeReportDocument([report, { ...report, seed: 2 }]));
    expect(readRuns([path]).map((run) => [run.report.seed, run.circumstances, run.sources.length])).toEqual([
      [1, null, 0],
      [2, null, 0],
    ]);
  });

  it('are refused when a report was changed', () => {
    const path = file('edited.json', writeReportDocument([report]).replace('"outcome": "met"', '"outcome": "broken"'));
    expect(() => readRuns([path])).toThrow(/run 1 was changed after it was written/);
  });

  it.each([
    ['design.json', (text: string) => text.replace(/\d/, (digit) => String(9 - Number(digit)))],
    ['scenario.yaml', (text: string) => `${text}\n`],
  ])('are refused when %s in their folder was changed', (name, change) => {
    expect(() => whileChanged(join(kept, name), change, () => readRuns([kept]))).toThrow(
      `${join(kept, name)} was changed after the run`,
    );
  });

  it('are refused when they are of several versions of squall', () => {
    const other = { ...report, provenance: { ...report.provenance!, squall: '0.0.9' } };
    const path = file('other.json', writeReportDocument([other]));
    expect(() => readRuns([kept, path])).toThrow(
      /Runs are of several versions of squall: .* of 0\.1\.0, .*other\.json of 0\.0\.9/,
    );
  });

  it('are refused when one is named twice', () => {
    expect(() => readRuns([kept, file('again.json', writeReportDocument([report]))])).toThrow(
      /holds the same run as .*region-outage, seed 1/,
    );
  });

  it.each([
    ['nothing', () => join(folder, 'nothing'), /does not exist/],
    ['a text', () => file('a.txt', 'no'), /is not JSON/],
    ['another document', () => file('b.json', '{"a":1}'), /is no report of squall's: schemaVersion/],
    ['a report without runs', () => file('c.json', writeReportDocument([])), /has no runs/],
    ['a folder of folders', () => join(folder, 'runs'), /has no report\.json/],
    [
      'a report of before there was provenance',
      () => {
        const { provenance: _, ...rest } = report;
        return file('d.json', writeReportDocument([rest]));
      },
      /run 1 is no report: provenance/,
    ],
  ])('are refused when there is %s', (_, path, message) => {
    expect(() => readRuns([path()])).toThrow(message);
  });

  it('are told how to be named where they lie a folder deeper', () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    const remedyOf = (path: string) => {
      try {
        return readRuns([path]);
      } catch (error) {
        return (error as { remedy?: string }).remedy;
      }
    };
    expect(remedyOf(join(folder, 'runs'))).toContain(join(folder, 'runs', '*'));
    expect(remedyOf(join(folder, 'empty'))).toContain('--keep');
  });
});
