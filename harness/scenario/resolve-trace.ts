import { resolve as resolvePath } from 'node:path';
import { createTraceCutter, formatUs, fullestWindow } from '../load/recorded.ts';
import { readTraceFile, TraceFileError, type TraceForm } from '../load/trace-file.ts';
import { shown } from './explain.ts';
import { limits } from './limits.ts';
import type { ParsedTrace } from './load-block.ts';
import type { Report } from './problem.ts';
import type { LoadPlan } from './scenario.ts';

type RecordedShape = Extract<LoadPlan['shape'], { arrivals: 'recorded' }>;

const US_PER_MS = 1000;
const US_PER_S = 1_000_000;

/** Where a trace comes from and how it is played, in words. */
const sourceOf = ({ file, source, from, speed, repeatEvery }: ParsedTrace): string =>
  [
    file ?? source ?? 'gapsUs',
    ...(from === 0 ? [] : [`from ${from === 'first' ? 'its first arrival' : formatUs(from * US_PER_MS)}`]),
    ...(speed === 1 ? [] : [`at ${speed} times its speed`]),
    ...(repeatEvery === undefined ? [] : [`again every ${formatUs(repeatEvery * US_PER_MS)} of it`]),
  ].join(', ');

/** @returns what is wrong with them */
const takeGaps = (gapsUs: string, take: (us: number) => boolean): string | undefined => {
  let atUs = 0;
  for (const [index, text] of gapsUs.trim().split(/\s+/).entries()) {
    atUs += /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(atUs)) {
      return `expected whole numbers of microseconds with spaces between; number ${index + 1} is ${shown(text)}`;
    }
    if (!take(atUs)) return undefined;
  }
  return undefined;
};

/** @returns what is wrong with it */
const takeFile = (
  file: string,
  form: TraceForm,
  folder: string | undefined,
  take: (us: number) => boolean,
): string | undefined => {
  if (folder === undefined)
    return `${file} has no place beside this content; expected gapsUs, which holds the arrivals themselves`;
  try {
    readTraceFile(resolvePath(folder, file), form, take);
    return undefined;
  } catch (error) {
    if (!(error instanceof TraceFileError)) throw error;
    return `${file}${error.line === undefined ? '' : `:${error.line}:`} ${error.message}`;
  }
};

/** Why nothing of the trace lies on the timeline. */
const nothingOf = (seen: { readonly firstUs: number; readonly lastUs: number }, fromUs: number, lengthUs: number): string => {
  if (Number.isNaN(seen.firstUs)) return 'holds no arrival; expected a timestamp a line';
  const part = `has no arrival in the ${formatUs(lengthUs)} that are played of it from ${formatUs(fromUs)} on`;
  if (seen.lastUs < fromUs) return `${part}; its last one is at ${formatUs(seen.lastUs)}`;
  const next = `the ${seen.firstUs < fromUs ? 'next' : 'first'} one is at ${formatUs(seen.lastUs)}`;
  return `${part}; ${next}: expected from: first, or a moment just before it`;
};

/**
 * The arrivals of a trace on a timeline; undefined when they are none, or more than a run can hold, which is reported.
 * @param folder where files are found
 */
export const resolveTrace = (
  trace: ParsedTrace,
  durationMs: number,
  folder: string | undefined,
  report: Report,
): RecordedShape | undefined => {
  const complain = (message: string): undefined => {
    report(['load', 'trace', trace.file === undefined ? 'gapsUs' : 'file'], message);
    return undefined;
  };
  const name = trace.file ?? 'the trace';
  const from = trace.from === 'first' ? 'first' : trace.from * US_PER_MS;
  const cutter = createTraceCutter({
    from,
    speed: trace.speed,
    ...(trace.repeatEvery === undefined ? {} : { repeatEveryUs: trace.repeatEvery * US_PER_MS }),
    durationMs,
    maxCount: limits.requests,
  });
  const seen = { firstUs: Number.NaN, lastUs: Number.NaN };
  const take = (us: number): boolean => {
    if (Number.isNaN(seen.firstUs)) seen.firstUs = us;
    seen.lastUs = us;
    return cutter.take(us);
  };
  const problem = trace.file === undefined ? takeGaps(trace.gapsUs ?? '', take) : takeFile(trace.file, trace, folder, take);
  if (problem !== undefined) return complain(problem);
  const timesUs = cutter.timesUs();
  if (timesUs.length === 0) {
    const lengthUs = trace.repeatEvery === undefined ? durationMs * trace.speed * US_PER_MS : trace.repeatEvery * US_PER_MS;
    return complain(`${name} ${nothingOf(seen, from === 'first' ? seen.firstUs : from, lengthUs)}`);
  }
  if (timesUs.length > limits.requests) {
    return complain(`${name} makes more than ${limits.requests.toLocaleString('en')} requests, the most that a run can hold`);
  }
  const { count, startUs } = fullestWindow(timesUs, US_PER_S / US_PER_MS);
  if (count > limits.ratePerS) {
    const second = `in the second from ${formatUs(startUs)} of the timeline on`;
    return complain(`${name} makes ${count} requests ${second}; expected at most ${limits.ratePerS} a second: lower speed`);
  }
  return { type: 'open', arrivals: 'recorded', source: sourceOf(trace), timesUs };
};
