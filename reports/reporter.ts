import type { RunReport } from '../harness/verdict/report.ts';

/** Numbers of the last second, for a progress line. */
export interface Progress {
  readonly scenario: string;
  readonly design: string;
  /** Milliseconds into the measured timeline; negative in warm-up. */
  readonly elapsedMs: number;
  readonly durationMs: number;
  /** When faults are active, to mark them on the timeline; absent marks none. */
  readonly faults?: readonly { readonly atMs: number; readonly forMs: number }[];
  readonly phase: string;
  /** Share 0..1 over the last second; null without answers. */
  readonly availability: number | null;
  /** Milliseconds, over the last second; null without answers. */
  readonly p99Ms: number | null;
}

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
