import { formatBounds, formatNumber, formatTime } from '../harness/verdict/format.ts';
import { scopeOf } from '../harness/verdict/groups.ts';
import { metrics } from '../harness/verdict/metrics.ts';
import type { ExpectationResult, RunReport } from '../harness/verdict/report.ts';
import type { ReporterDefinition } from './reporter.ts';
import { renderXml, type XmlElement } from './xml.ts';

/** A test case and what went wrong with it: `failure` is the design's, `error` means that it could not be judged. */
interface Case {
  readonly name: string;
  readonly timeMs: number;
  readonly problem?: { readonly element: 'failure' | 'error'; readonly type: string; readonly text: string };
}

/** Names are `xs:token` in Ant's schema: single spaces, none at the ends. */
const token = (text: string): string => text.replace(/\s+/g, ' ').trim();

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** GitLab keeps only the first of several equal names, so that later ones get a number. */
const createUniqueNames = () => {
  const seen = new Map<string, number>();
  return (name: string): string => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  };
};

/** Whether the run came to its end: the one case that every suite has. */
const endCase = (report: RunReport): Case => {
  const { end, verdict, durationMs } = report;
  const name = 'the run comes to its end';
  if (end.type === 'completed') return { name, timeMs: durationMs };
  const text = verdict.outcome === 'passed' ? end.type : (verdict.reasons[0] ?? end.type);
  return {
    name,
    timeMs: Math.max(0, end.atMs),
    problem: { element: verdict.outcome === 'failed' ? 'failure' : 'error', type: end.type, text },
  };
};

const expectationCase = (result: ExpectationResult, report: RunReport): Case => {
  const { metric, isSteadyState, outcome, text } = result;
  const name = `${isSteadyState ? 'steady state: ' : ''}${metric} in ${scopeOf(result)} ${formatBounds(metrics[metric].unit, result)}`;
  if (outcome === 'met') return { name, timeMs: 0 };
  // In a run that can't be judged, a broken bound is no verdict on the design.
  const isFailure = outcome === 'broken' && report.verdict.outcome === 'failed';
  return { name, timeMs: 0, problem: { element: isFailure ? 'failure' : 'error', type: outcome, text } };
};

const caseElement = ({ name, timeMs, problem }: Case, classname: string): XmlElement => ({
  name: 'testcase',
  attributes: { name, classname, time: seconds(timeMs) },
  children: problem
    ? [{ name: problem.element, attributes: { message: problem.text, type: problem.type }, children: problem.text }]
    : [],
});

const log = (report: RunReport): string =>
  [
    `verdict: ${report.verdict.outcome}`,
    ...(report.verdict.outcome === 'passed' ? [] : report.verdict.reasons.map((reason) => `- ${reason}`)),
    ...report.events.map((event) => `${formatTime(event.atMs)} ${event.text}`),
    report.method,
  ].join('\n');

/** Absent where the providers' meters were not read. */
const costProperties = ({ overall: { cost, costUsdPer1k } }: RunReport): Readonly<Record<string, string>> => {
  if (!cost) return {};
  return {
    costUsd: formatNumber('usd', cost.totalUsd),
    ...(costUsdPer1k === null ? {} : { costUsdPer1k: formatNumber('usd', costUsdPer1k) }),
    ...Object.fromEntries(cost.byProvider.map(({ name, totalUsd }) => [`costUsd.${name}`, formatNumber('usd', totalUsd)])),
  };
};

/**
 * One suite. It keeps to both schemas in use: Jenkins' (xunit plugin, junit-10.xsd) and the stricter one of Ant's reports
 * (windyroad/JUnit-Schema, JUnit.xsd), both read 2026-11: properties first, one problem a case with a `type`, a timestamp without zone,
 * and both system streams at the end.
 */
const suiteElement = (report: RunReport, index: number, suiteName: string, classname: string): XmlElement => {
  const unique = createUniqueNames();
  const cases = [endCase(report), ...report.expectations.map((result) => expectationCase(result, report))].map((each) => ({
    ...each,
    name: unique(token(each.name)),
  }));
  const count = (element: string) => String(cases.filter(({ problem }) => problem?.element === element).length);
  const properties = {
    scenario: report.scenario,
    title: report.title,
    // A system of the user's has no design of ours.
    ...(report.sut === undefined ? { design: report.design } : { 'system-under-test': report.sut }),
    world: report.world,
    seed: String(report.seed),
    verdict: report.verdict.outcome,
    ...costProperties(report),
  };
  return {
    name: 'testsuite',
    attributes: {
      name: suiteName,
      package: 'squall',
      id: String(index),
      timestamp: report.startedAt.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length),
      hostname: 'localhost',
      tests: String(cases.length),
      failures: count('failure'),
      errors: count('error'),
      skipped: '0',
      time: seconds(report.end.type === 'completed' ? report.durationMs : Math.max(0, report.end.atMs)),
    },
    children: [
      {
        name: 'properties',
        children: Object.entries(properties).map(([name, value]) => ({ name: 'property', attributes: { name, value } })),
      },
      ...cases.map((each) => caseElement(each, classname)),
      { name: 'system-out', children: log(report) },
      { name: 'system-err' },
    ],
  };
};

/** The runs as one document: a suite for each scenario and design or system under test, a case for each expectation. */
export const renderJunit = (reports: readonly RunReport[]): string => {
  const [uniqueName, uniqueClass] = [createUniqueNames(), createUniqueNames()];
  return renderXml({
    name: 'testsuites',
    children: reports.map((report, index) => {
      const { scenario, sut, design } = report;
      const name = uniqueName(token(`${scenario}.${sut ?? design}`));
      // Servers take what stands before the last dot for a package: a dot of a path's or an image's name would be one.
      const className = uniqueClass(token(`squall.${scenario}.${sut?.replaceAll('.', '_') ?? design}`));
      return suiteElement(report, index, name, className);
    }),
  });
};

/** Written when all runs are over. */
export const junitReporter: ReporterDefinition = {
  summary: 'JUnit XML for CI servers: a suite for each run, a case for each expectation.',
  create: (output) => ({
    onEnd(reports) {
      output.write(renderJunit(reports));
    },
  }),
};
