import type { ComparisonReporterDefinition } from './reporter.ts';

/** One JSON document, a ComparisonReport as it is. A time that was never reached is the text "never". */
export const jsonReporter: ComparisonReporterDefinition = {
  summary: 'One JSON document with every number of every run.',
  create: (output) => ({
    onEnd(report) {
      output.write(`${JSON.stringify(report, null, 2)}\n`);
    },
  }),
};
