import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { SquallError } from '../errors.ts';
import { sha256Of, sha256OfValue } from './canonical.ts';
import { keptFiles } from './kept-run.ts';
import { circumstancesFile, type ReportedRun, reportDocumentFile, reportedRun } from './reported-run.ts';

/** A run that evidence is made of. */
export interface EvidenceRun {
  readonly report: ReportedRun;
  /** Of the report's canonical JSON. */
  readonly sha256: string;
  /** When and on what it ran; null where only a report is there. */
  readonly circumstances: z.output<typeof circumstancesFile> | null;
  /** The scenario's file and the design, as they ran, and the record of when; empty where only a report is there. */
  readonly sources: readonly { readonly name: string; readonly data: Uint8Array }[];
}

/** Bytes of a report that is read, and runs of a bundle: more is no evidence that anybody reads. */
const limits = { reportBytes: 200_000_000, runs: 500 };

const RUN_AGAIN = 'Run it again with --keep, or with --reporter json=FILE.';

const bad = (message: string, remedy?: string): SquallError => new SquallError('BAD_EVIDENCE', message, remedy);

const readBytes = (path: string): Uint8Array => {
  const { size } = statSync(path);
  if (size > limits.reportBytes) throw bad(`${path} has ${size} bytes; expected at most ${limits.reportBytes}.`);
  return readFileSync(path);
};

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(Buffer.from(readBytes(path)).toString('utf8'));
  } catch (error) {
    if (error instanceof SquallError) throw error;
    throw bad(
      `${path} is not JSON: ${(error as Error).message}.`,
      `Name a report that \`squall run --reporter json=FILE\` wrote.`,
    );
  }
};

const firstIssue = ({ issues: [issue] }: z.ZodError): string => `${issue!.path.join('.') || 'the document'}: ${issue!.message}`;

/** The runs of a document, each as it was written. */
const readReport = (path: string): readonly Pick<EvidenceRun, 'report' | 'sha256'>[] => {
  const document = reportDocumentFile.safeParse(readJson(path));
  if (!document.success) throw bad(`${path} is no report of squall's: ${firstIssue(document.error)}.`, RUN_AGAIN);
  const { runs, sha256 } = document.data;
  if (runs.length === 0) throw bad(`${path} has no runs.`, RUN_AGAIN);
  if (runs.length !== sha256.length) throw bad(`${path} has ${runs.length} runs and ${sha256.length} check sums.`, RUN_AGAIN);
  return runs.map((run, index) => {
    const digest = sha256OfValue(run);
    if (digest !== sha256[index]) {
      throw bad(`${path}: run ${index + 1} was changed after it was written: its check sum is not the one beside it.`, RUN_AGAIN);
    }
    const report = reportedRun.safeParse(run);
    if (!report.success) throw bad(`${path}: run ${index + 1} is no report: ${firstIssue(report.error)}.`, RUN_AGAIN);
    return { report: report.data, sha256: digest };
  });
};

const changed = (path: string): SquallError =>
  bad(`${path} was changed after the run: its check sum is not the one in the report beside it.`, RUN_AGAIN);

/** A folder that `squall run --keep` wrote: its files must be those that the report tells of. */
const readKept = (folder: string): EvidenceRun => {
  const [found, ...more] = readReport(join(folder, keptFiles.report));
  if (more.length > 0) throw bad(`${join(folder, keptFiles.report)} has several runs; expected the one of this folder.`);
  const { provenance } = found!.report;
  const design = join(folder, keptFiles.design);
  if (sha256OfValue(readJson(design)) !== provenance.design.sha256) throw changed(design);
  const sources: { name: string; data: Uint8Array }[] = [{ name: keptFiles.design, data: readBytes(design) }];
  if (provenance.scenario.file) {
    const name = readdirSync(folder).find((file) => file.startsWith(`${keptFiles.scenario}.`));
    if (name === undefined) throw bad(`${folder} does not hold the scenario's file any more.`, RUN_AGAIN);
    const data = readBytes(join(folder, name));
    if (sha256Of(data) !== provenance.scenario.file.sha256) throw changed(join(folder, name));
    sources.push({ name, data });
  }
  const record = join(folder, keptFiles.circumstances);
  const circumstances = circumstancesFile.safeParse(readJson(record));
  if (!circumstances.success) throw bad(`${record}: ${firstIssue(circumstances.error)}.`, RUN_AGAIN);
  sources.push({ name: keptFiles.circumstances, data: readBytes(record) });
  return { ...found!, circumstances: circumstances.data, sources };
};

const readOne = (path: string): readonly EvidenceRun[] => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new SquallError('NOT_FOUND', `${path} does not exist.`, 'Name folders of runs, or JSON reports.');
  if (!stats.isDirectory()) return readReport(path).map((run) => ({ ...run, circumstances: null, sources: [] }));
  if (existsSync(join(path, keptFiles.report))) return [readKept(path)];
  const within = readdirSync(path).filter((name) => existsSync(join(path, name, keptFiles.report)));
  const remedy =
    within.length > 0
      ? `It holds folders of runs: name ${join(path, '*')}.`
      : '`squall run --keep` writes one into the folder of each run.';
  throw bad(`${path} has no ${keptFiles.report}.`, remedy);
};

/**
 * Reads runs that evidence is to be made of, in the order given.
 * @param paths folders that `squall run --keep` wrote, or JSON reports
 * @throws {SquallError} `NOT_FOUND`; `BAD_EVIDENCE` for what is no report, was changed, is there twice, or is of several versions of squall
 */
export const readRuns = (paths: readonly string[]): readonly EvidenceRun[] => {
  const runs = paths.flatMap((path) => readOne(path).map((run) => ({ path, run })));
  if (runs.length > limits.runs)
    throw bad(`There are ${runs.length} runs; expected at most ${limits.runs}.`, 'Make several bundles.');
  const [first] = runs;
  if (!first) throw bad('No run is named.', 'Name folders of runs, or JSON reports.');
  for (const [index, { path, run }] of runs.entries()) {
    const version = run.report.provenance.squall;
    const firstVersion = first.run.report.provenance.squall;
    if (version !== firstVersion) {
      throw bad(
        `Runs are of several versions of squall: ${first.path} of ${firstVersion}, ${path} of ${version}.`,
        'Run them again by one version, or make a bundle of each.',
      );
    }
    const same = runs.findIndex((other) => other.run.sha256 === run.sha256);
    if (same !== index) {
      throw bad(
        `${path} holds the same run as ${runs[same]!.path}: ${run.report.scenario}, seed ${run.report.seed}.`,
        'Name it once.',
      );
    }
  }
  return runs.map(({ run }) => run);
};
