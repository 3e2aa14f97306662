import { curvesReporter } from './curves/html.ts';
import { jsonReporter } from './json.ts';
import { junitReporter } from './junit.ts';
import type { ReporterDefinition } from './reporter.ts';
import { terminalReporter } from './terminal.ts';

/** Every reporter, by the name that `--reporter` takes. */
export const reporters: Readonly<Record<string, ReporterDefinition>> = {
  terminal: terminalReporter,
  json: jsonReporter,
  junit: junitReporter,
  curves: curvesReporter,
};
