import type { ReporterDefinition } from './reporter.ts';

/** One JSON document when all runs are over: `{"schemaVersion":1,"runs":[...]}`, each run a RunReport as it is. */
export const jsonReporter: ReporterDefinition = {
  summary: 'One JSON document with every number of every run.',
  create: (output) => ({
    onEnd(runs) {
      output.write(`${JSON.stringify({ schemaVersion: 1, runs }, null, 2)}\n`);
    },
  }),
};
