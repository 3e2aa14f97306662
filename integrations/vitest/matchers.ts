import pc from 'picocolors';
import type { ExpectationResult, RunReport } from '../../harness/verdict/report.ts';
import { renderRun } from '../../reports/terminal.ts';
import { type BoundsInput, type BoundText, judgeAsked, phasesCalled } from './asked.ts';
import { type KnownRun, runOf } from './known-runs.ts';

/** Of which fault, and what counts as success again. */
export interface RestorationOptions {
  /** Name of the fault; every one when left out. */
  readonly fault?: string;
  /** Share of requests that must succeed, undegraded, e.g. `95%`; 99 % when left out. */
  readonly success?: string | number;
  /** How long it must hold, e.g. `2s`, which is also what it is when left out. */
  readonly window?: string;
}

/** What can be said of a run's report in `expect(report)`. A run that can't be judged meets nothing, and its opposite neither. */
export interface ScenarioMatchers<R = unknown> {
  /** The verdict is passed. */
  toPass(): R;
  /**
   * @param asked a bound such as `availability >= 99%`, or bounds by metric as in a scenario file
   * @param phase `baseline`, a fault's name, `fault` for each fault, `recovery`, or `all`, which is also what it is when left out
   */
  toMeet(asked: BoundText | BoundsInput, phase?: string): R;
  /** From the start of each fault, undegraded success is back within this, e.g. `2s`. */
  toFailOverWithin(duration: string, options?: RestorationOptions): R;
  /** From the end of each fault, undegraded success is back within this, e.g. `2s`. */
  toRecoverWithin(duration: string, options?: RestorationOptions): R;
}

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

interface MatcherState {
  readonly isNot: boolean;
}

const ANY_FAULT = 'fault';

/** What is wrong first, then all that the command prints. */
const tell = (report: RunReport, lines: readonly string[]) => (): string =>
  [...lines, '', renderRun(report, pc.isColorSupported)].join('\n');

/** Neither the matcher nor its opposite holds. */
const neither = ({ isNot }: MatcherState, report: RunReport, lines: readonly string[]): MatcherResult => ({
  pass: isNot,
  message: tell(report, lines),
});

const invalid = (state: MatcherState, report: RunReport): MatcherResult | undefined =>
  report.verdict.outcome === 'invalid'
    ? neither(state, report, [
        `the run of ${report.scenario} can't be judged:`,
        ...report.verdict.reasons.map((reason) => `- ${reason}`),
      ])
    : undefined;

const resultOf = (state: MatcherState, report: RunReport, results: readonly ExpectationResult[]): MatcherResult => {
  const of = (outcome: ExpectationResult['outcome']) => results.filter((result) => result.outcome === outcome);
  const lines = (shown: readonly ExpectationResult[]) => shown.map(({ text }) => `- ${text}`);
  const unknown = of('unmeasurable');
  const broken = of('broken');
  if (broken.length === 0 && unknown.length > 0) return neither(state, report, ['too little was measured:', ...lines(unknown)]);
  return {
    pass: broken.length === 0,
    message: state.isNot
      ? tell(report, [`expected ${report.scenario} not to:`, ...lines(results)])
      : tell(report, [`${report.scenario}, design ${report.design}, did not:`, ...lines(broken)]),
  };
};

const judge = (state: MatcherState, received: unknown, ask: (run: KnownRun) => readonly ExpectationResult[]): MatcherResult => {
  const { report, run } = runOf(received);
  // Asked first: a question that can't be asked is the test's mistake, whatever became of the run.
  const results = ask(run);
  return invalid(state, report) ?? resultOf(state, report, results);
};

const restoration =
  (metric: 'failoverTime' | 'recoveryTime') =>
  (run: KnownRun, max: string, { fault = ANY_FAULT, success, window }: RestorationOptions): readonly ExpectationResult[] => {
    const objective = { ...(success === undefined ? {} : { success }), ...(window === undefined ? {} : { window }) };
    return judgeAsked(run, { [metric]: { max, objective } }, phasesCalled(fault, run.phases));
  };

/** For `expect.extend`. */
export const scenarioMatchers = {
  toPass(this: MatcherState, received: unknown): MatcherResult {
    const { report } = runOf(received);
    const { verdict, scenario, design } = report;
    const lines = verdict.outcome === 'passed' ? [] : verdict.reasons.map((reason) => `- ${reason}`);
    return (
      invalid(this, report) ?? {
        pass: verdict.outcome === 'passed',
        message: tell(report, [`${scenario}, design ${design}, ${verdict.outcome}${lines.length > 0 ? ':' : ''}`, ...lines]),
      }
    );
  },
  toMeet(this: MatcherState, received: unknown, asked: string | BoundsInput, phase = 'all'): MatcherResult {
    return judge(this, received, (run) => judgeAsked(run, asked, phasesCalled(phase, run.phases)));
  },
  toFailOverWithin(this: MatcherState, received: unknown, duration: string, options: RestorationOptions = {}): MatcherResult {
    return judge(this, received, (run) => restoration('failoverTime')(run, duration, options));
  },
  toRecoverWithin(this: MatcherState, received: unknown, duration: string, options: RestorationOptions = {}): MatcherResult {
    return judge(this, received, (run) => restoration('recoveryTime')(run, duration, options));
  },
};
