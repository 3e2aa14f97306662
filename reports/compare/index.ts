import { htmlReporter } from './html.ts';
import { jsonReporter } from './json.ts';
import type { ComparisonReporterDefinition } from './reporter.ts';
import { svgReporter } from './svg.ts';
import { terminalReporter } from './terminal.ts';

/** Every reporter of comparisons, by the name that `--reporter` takes. */
export const comparisonReporters: Readonly<Record<string, ComparisonReporterDefinition>> = {
  terminal: terminalReporter,
  json: jsonReporter,
  svg: svgReporter,
  html: htmlReporter,
};
