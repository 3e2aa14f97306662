import type { RequestRecord } from '../load/sample.ts';
import type { SutOutput } from '../world/world.ts';
import type { Phase } from './phases.ts';
import type { ExpectationResult, OutputExcerpt, OutputReport } from './report.ts';

/** How far around a failure lines are shown, milliseconds before and after. */
const AROUND_MS = 1_500;
const MAX_LINES = 12;
const MAX_EXCERPTS = 5;

type Line = SutOutput['lines'][number];

/** The lines nearest to a moment, in order. */
const around = (lines: readonly Line[], atMs: number): readonly Line[] => {
  const near = lines.filter((line) => Math.abs(line.atMs - atMs) <= AROUND_MS);
  if (near.length <= MAX_LINES) return near;
  const nearest = near.toSorted((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs)).slice(0, MAX_LINES);
  return near.filter((line) => nearest.includes(line));
};

const firstFailure = (requests: readonly RequestRecord[], { windows }: Phase): RequestRecord | undefined =>
  requests
    .filter(({ outcome, isCorrect }) => outcome !== 'ok' || isCorrect === false)
    .filter(({ dueMs }) => windows.some(({ startMs, endMs }) => startMs <= dueMs && dueMs < endMs))
    .reduce<RequestRecord | undefined>((first, one) => (first && first.endMs <= one.endMs ? first : one), undefined);

/**
 * What a system under test printed around its failures: by the first request that failed in each phase in which an expectation broke.
 * @param phases of the run, the whole timeline as the last
 */
export const outputReport = (
  output: SutOutput | undefined,
  requests: readonly RequestRecord[],
  phases: readonly Phase[],
  expectations: readonly ExpectationResult[],
): { readonly output?: OutputReport } => {
  if (!output) return {};
  const broken = new Set(expectations.filter(({ outcome }) => outcome !== 'met').map(({ phase }) => phase));
  const excerpts = phases.flatMap((phase): readonly OutputExcerpt[] => {
    if (!broken.has(phase.name)) return [];
    const failed = firstFailure(requests, phase);
    if (!failed) return [];
    const what =
      failed.outcome === 'ok'
        ? 'the first wrong answer'
        : `the first ${failed.outcome}${failed.status ? ` (${failed.status})` : ''}`;
    const lines = around(output.lines, failed.endMs);
    return lines.length === 0 ? [] : [{ phase: phase.name, atMs: failed.endMs, what, lines }];
  });
  const distinct = excerpts.filter(({ atMs }, index) => excerpts.findIndex((one) => one.atMs === atMs) === index);
  return { output: { file: output.file, lineCount: output.lineCount, excerpts: distinct.slice(0, MAX_EXCERPTS) } };
};
