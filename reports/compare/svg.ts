import type { ComparisonReport } from '../../harness/compare/report.ts';
import type { ComparisonReporterDefinition } from './reporter.ts';

/** The plot as an SVG element; null where there is nothing to draw. The library is read only when a plot is wanted. */
export const plotSvg = async (report: ComparisonReport): Promise<string | null> => {
  const [{ renderSvg }, { paretoChart }, { sweepChart }] = await Promise.all([
    import('./chart.ts'),
    import('./pareto-chart.ts'),
    import('./sweep-chart.ts'),
  ]);
  const chart = report.knobs.length > 0 ? sweepChart(report) : paretoChart(report);
  return chart && renderSvg(chart);
};

const EMPTY =
  '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="420" height="60"><title>Nothing to plot</title><text x="16" y="36" font-family="sans-serif">No run could be judged: nothing to plot.</text></svg>';

/** The plot alone. */
export const svgReporter: ComparisonReporterDefinition = {
  summary: 'The plot as one SVG file that needs nothing from outside.',
  create: (output) => ({
    async onEnd(report) {
      output.write(`${(await plotSvg(report)) ?? EMPTY}\n`);
    },
  }),
};
