import { judge } from '../../harness/verdict/judge.ts';
import type { RunReport } from '../../harness/verdict/report.ts';
import type { ReporterDefinition } from '../../reports/reporter.ts';
import { aPlan, aRecord, aUsageSample, requestsAt, SECONDARY, unanswered } from './records.ts';

/** A judged run: an outage that is failed over after 1.2 s, with a fallback in between, and one bound that breaks. */
export const aFailedReport = (): RunReport =>
  judge(
    aPlan({
      steadyState: [{ phase: 'baseline', metric: 'availability', min: 0.99 }],
      expectations: [
        { phase: 'region-outage', metric: 'availability', min: 0.95 },
        { phase: 'region-outage', metric: 'p99', max: 300 },
        { phase: 'region-outage', metric: 'failoverTime', max: 3000 },
        { phase: 'recovery', metric: 'p999', max: 500 },
        { phase: 'all', metric: 'costPer1k', max: 2 },
      ],
    }),
    aRecord({
      requests: [
        ...requestsAt(100, 0, 10_000),
        ...requestsAt(100, 10_000, 10_400, { ...unanswered, outcome: 'timeout', latencyMs: 812 }),
        ...requestsAt(100, 10_400, 11_200, { degraded: 'fallback-model', servedBy: 'local/fallback-model', isCorrect: false }),
        ...requestsAt(100, 11_200, 20_000, { servedBy: SECONDARY, latencyMs: 60 }),
        ...requestsAt(100, 20_000, 30_000),
      ],
      events: [
        { atMs: 0, text: 'load started' },
        { atMs: 10_000, text: 'fault region-outage started' },
        { atMs: 20_000, text: 'fault region-outage ended' },
      ],
      usage: [aUsageSample(0, 0), aUsageSample(10_000, 0.5), aUsageSample(20_000, 2.25), aUsageSample(30_000, 2.75)],
    }),
  );

/** A judged run in which all went well. */
export const aPassedReport = (): RunReport =>
  judge(aPlan({ expectations: [{ phase: 'region-outage', metric: 'availability', min: 0.95 }] }), aRecord());

/** A run whose gateway died in baseline. */
export const anInvalidReport = (): RunReport =>
  judge(
    aPlan({ expectations: [{ phase: 'region-outage', metric: 'availability', min: 0.95 }] }),
    aRecord({
      requests: requestsAt(100, 0, 5000),
      end: { type: 'sut-exited', atMs: 5000, text: 'the gateway exited with code 1' },
    }),
  );

/** What a reporter writes for these runs, to its output and on the progress line. */
export const written = (
  definition: ReporterDefinition,
  reports: readonly RunReport[],
  hasColor = false,
): { readonly output: string; readonly progress: string } => {
  let output = '';
  let progress = '';
  const reporter = definition.create({
    write: (text) => {
      output += text;
    },
    progress: {
      write: (text) => {
        progress += text;
      },
      columns: 100,
    },
    hasColor,
  });
  for (const report of reports) reporter.onRunEnd?.(report);
  reporter.onEnd?.(reports);
  return { output, progress };
};
