import { writeReportDocument } from '../harness/evidence/report-document.ts';
import type { ReporterDefinition } from './reporter.ts';

/** One JSON document when all runs are over: `{"schemaVersion":1,"runs":[...],"sha256":[...]}`, each run a RunReport as it is. */
export const jsonReporter: ReporterDefinition = {
  summary: 'One JSON document with every number of every run.',
  create: (output) => ({
    onEnd(runs) {
      output.write(writeReportDocument(runs));
    },
  }),
};
