import type { RunReport } from '../verdict/report.ts';
import { sha256OfValue } from './canonical.ts';

/** Reports of runs in one document. */
export interface ReportDocument {
  readonly schemaVersion: 1;
  readonly runs: readonly RunReport[];
  /** Of each run's canonical JSON. */
  readonly sha256: readonly string[];
}

/**
 * The document: each run a RunReport as it is, and of each the SHA-256, by which `squall evidence` sees that a report was changed by
 * accident. Who changes it on purpose can make a new check sum, too: only a signature is proof against that.
 */
export const reportDocument = (runs: readonly RunReport[]): ReportDocument => ({
  schemaVersion: 1,
  runs,
  sha256: runs.map(sha256OfValue),
});

/** As text, for people to read too. */
export const writeReportDocument = (runs: readonly RunReport[]): string => `${JSON.stringify(reportDocument(runs), null, 2)}\n`;
