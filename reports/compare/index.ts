import { jsonReporter } from './json.ts';
import type { ComparisonReporterDefinition } from './reporter.ts';
import { terminalReporter } from './terminal.ts';

/** Every reporter of comparisons, by the name that `--reporter` takes. */
export const comparisonReporters: Readonly<Record<string, ComparisonReporterDefinition>> = {
  terminal: terminalReporter,
  json: jsonReporter,
};
