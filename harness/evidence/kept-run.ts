import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { SquallError } from '../errors.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunReport } from '../verdict/report.ts';
import { canonicalJson } from './canonical.ts';
import { writeReportDocument } from './report-document.ts';

/** Files of a run that is kept, in its folder. The scenario's has the extension that it was read with. */
export const keptFiles = {
  report: 'report.json',
  design: 'design.json',
  circumstances: 'run.json',
  scenario: 'scenario',
} as const;

/** What a report does not say, since it would differ from machine to machine. */
export interface Circumstances {
  readonly schemaVersion: 1;
  /** By the machine's clock, also in the simulated world. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly node: string;
  /** As Node.js names them, e.g. `linux`, `x64`. */
  readonly platform: string;
  readonly arch: string;
}

export interface RunToKeep {
  readonly folder: string;
  readonly report: RunReport;
  readonly scenario: Scenario;
  /** By the machine's clock. */
  readonly startedAt: Date;
}

/**
 * Writes what evidence of a run is made of into its folder: the report, the scenario's file as it was read, the design, and when and on what
 * it ran.
 * @throws {SquallError} `BAD_FLAG` when the folder can't be written
 */
export const keepRun = ({ folder, report, scenario, startedAt }: RunToKeep): void => {
  const circumstances: Circumstances = {
    schemaVersion: 1,
    startedAt: startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
  };
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, keptFiles.report), writeReportDocument([report]));
    writeFileSync(join(folder, keptFiles.design), `${canonicalJson(scenario.designs[report.design])}\n`);
    writeFileSync(join(folder, keptFiles.circumstances), `${JSON.stringify(circumstances, null, 2)}\n`);
    if (scenario.file) writeFileSync(join(folder, `${keptFiles.scenario}${extname(scenario.file.name)}`), scenario.file.text);
  } catch (error) {
    throw new SquallError(
      'BAD_FLAG',
      `--keep: can't write ${folder}: ${(error as Error).message}.`,
      'Name another folder by --out.',
    );
  }
};
