import type { ExploreProgress, ExploreResult } from '../harness/explore/explore.ts';
import type { ReplayResult } from '../harness/explore/replay.ts';
import { summaryOf, type Violation } from '../harness/explore/violations.ts';
import { formatTime } from '../harness/verdict/format.ts';
import type { RunPlan } from '../harness/world/world.ts';

const perMinute = ({ runs, elapsedMs }: ExploreResult): string =>
  Math.round((runs * 60_000) / Math.max(1, elapsedMs)).toLocaleString('en');

const count = (number: number, what: string): string => `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;

/** The line that a terminal shows while a search runs. */
export const progressLine = ({ stage, done, runsPerS, elapsedMs }: ExploreProgress): string => {
  const what = stage === 'searching' ? count(done, 'schedule') : `found one; shrinking, ${count(done, 'simpler one')} tried`;
  return `explore: ${what}, ${runsPerS.toFixed(1)} runs/s, ${formatTime(elapsedMs)}`;
};

/** A rule in words, with what was seen. */
const brokenLines = (violations: readonly Violation[]): readonly string[] =>
  violations.flatMap(({ rule, text }) => {
    const summary = summaryOf(rule);
    return [`broken: ${rule}${summary === undefined ? '' : ` (${summary})`}`, `  ${text}`];
  });

/** @param isInterrupted the search was stopped before its budget was used up */
export const describeEmpty = (plan: RunPlan, result: ExploreResult, isInterrupted: boolean): string =>
  [
    `explore ${plan.scenario.name}, design ${plan.designName}: nothing found${isInterrupted ? ' before it was interrupted' : ''}.`,
    `  ${count(result.judged, 'schedule')} (${count(result.runs, 'distinct one')}) in ${formatTime(result.elapsedMs)}, ${perMinute(result)} a minute; seed ${plan.seed}.`,
    '',
  ].join('\n');

/** The head of what is printed of a finding: comments, so that the whole output is a scenario file. */
export const describeFinding = (plan: RunPlan, result: ExploreResult, file: string): string => {
  const { finding, judged } = result;
  const { schedule, original, violations, path, tried, isMinimal } = finding!;
  const lines = [
    `explore ${plan.scenario.name}, design ${plan.designName}: found after ${count(judged, 'schedule')}, in ${formatTime(result.elapsedMs)} (${perMinute(result)} runs a minute).`,
    ...brokenLines(violations),
    `${count(schedule.length, 'fault')}, shrunk from ${original.length} by trying ${count(tried, 'simpler schedule')}${isMinimal ? '' : '; stopped before none simpler was left'}.`,
    `seed ${plan.seed}, path ${path}`,
    `again: squall replay ${file}`,
    'What follows is a scenario file: squall run <file> --world sim judges its expectations; invariants are judged by replay.',
  ];
  return `${lines.map((line) => `# ${line}`).join('\n')}\n`;
};

const OUTCOMES: Readonly<Record<ReplayResult['outcome'], string>> = {
  same: 'the recorded outcome came back, figure for figure',
  broken: 'the recorded rule is broken again, with other figures',
  other: 'the recorded rule held this time, but something else is broken',
  gone: 'the recorded outcome did not come back: nothing is broken',
  interrupted: 'interrupted before it could be judged',
};

export const describeReplay = (
  name: string,
  rule: string,
  world: string,
  { outcome, violations, isJudged }: ReplayResult,
): string => {
  const unseen = `the recorded rule, ${rule}, can be judged in sim only; of the others ${violations.length === 0 ? 'none is' : 'some are'} broken`;
  return [
    `replay ${name} in ${world}: ${isJudged || outcome === 'interrupted' ? OUTCOMES[outcome] : unseen}.`,
    ...brokenLines(violations).map((line) => `  ${line}`),
    '',
  ].join('\n');
};
