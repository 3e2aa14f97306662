import type { ComparisonReport } from '../../harness/compare/report.ts';
import type { ComparisonProgress } from '../../harness/compare/run-comparison.ts';
import type { ReporterOutput } from '../reporter.ts';

/** A reporter of comparisons hears of each run that begins, and of the end. */
export interface ComparisonReporter {
  onProgress?(progress: ComparisonProgress): void;
  /** All runs are over, or the comparison was interrupted. */
  onEnd(report: ComparisonReport): void | Promise<void>;
}

/** A format of comparisons: what `reports/compare/index.ts` lists. */
export interface ComparisonReporterDefinition {
  /** One sentence for help and docs. */
  readonly summary: string;
  readonly create: (output: ReporterOutput) => ComparisonReporter;
}
