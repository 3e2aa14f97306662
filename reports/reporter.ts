import type { Progress } from '../harness/progress.ts';
import type { RunReport } from '../harness/verdict/report.ts';

export type { Progress };

/** A reporter hears of every run. Everything the built-in ones use is here. */
export interface Reporter {
  onProgress?(progress: Progress): void;
  onRunEnd?(report: RunReport): void;
  /** All runs are over; flush. */
  onEnd?(reports: readonly RunReport[]): void;
}

/** Where a reporter writes. */
export interface ReporterOutput {
  /** The report itself (standard output, or a file). */
  write(text: string): void;
  /** The progress line; absent when nobody watches (not a terminal). */
  readonly progress?: { write(text: string): void; readonly columns: number };
  readonly hasColor: boolean;
}

/** A format of reports: what `reports/index.ts` lists. */
export interface ReporterDefinition {
  /** One sentence for help and docs. */
  readonly summary: string;
  readonly create: (output: ReporterOutput) => Reporter;
}
