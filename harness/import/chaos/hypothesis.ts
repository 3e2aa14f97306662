import { durationText } from '../fit/text.ts';
import type { ExpectedBound } from '../incident.ts';
import { isRecord, type JsonRecord } from '../records.ts';

/** What a probe of the hypothesis is as bounds on the front door; what of it is not. */
export interface ProbeBounds {
  readonly bounds: readonly ExpectedBound[];
  readonly left: readonly string[];
}

const SUCCESS = { min: '99%' };

const isSuccess = (status: unknown): boolean => typeof status === 'number' && status >= 200 && status < 300;

/** Statuses that a tolerance takes for well, where it is about the status alone. */
const statusTolerance = (tolerance: unknown): 'success' | 'other' | 'elsewhere' => {
  if (typeof tolerance === 'number') return isSuccess(tolerance) ? 'success' : 'other';
  if (Array.isArray(tolerance)) return tolerance.every(isSuccess) && tolerance.length > 0 ? 'success' : 'other';
  if (!isRecord(tolerance)) return 'elsewhere';
  const { type, range, target, pattern } = tolerance;
  if (type === 'range' && Array.isArray(range) && (target === undefined || target === 'status')) {
    return range.every(isSuccess) ? 'success' : 'other';
  }
  if (type === 'regex' && target === 'status' && typeof pattern === 'string') {
    return new RegExp(pattern).test('200') && !new RegExp(pattern).test('500') ? 'success' : 'other';
  }
  return 'elsewhere';
};

/** Seconds: a number, or connect and read. */
const timeoutMs = (timeout: unknown): number | undefined => {
  const seconds = Array.isArray(timeout) ? Number(timeout.at(-1)) : Number(timeout);
  return timeout !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
};

/**
 * An HTTP probe asks once whether all is well; a scenario asks of every request: that it succeeds, and that 19 of 20 do within the probe's time-out.
 * Tolerances: chaostoolkit.org/reference/tutorials/tolerance (read 2026-11-27).
 */
export const probeBounds = (probe: JsonRecord, provider: JsonRecord): ProbeBounds => {
  const name = String(probe.name ?? 'a probe');
  const url = String(provider.url ?? '');
  const meaning = (() => {
    try {
      return statusTolerance(probe.tolerance);
    } catch {
      return 'elsewhere';
    }
  })();
  const left = [
    ...(meaning === 'other' ? [`its tolerance ${JSON.stringify(probe.tolerance)} is of answers that are no success`] : []),
    ...(meaning === 'elsewhere'
      ? [`its tolerance ${JSON.stringify(probe.tolerance)} is not of the status; what an answer says is not judged`]
      : []),
  ];
  if (meaning !== 'success') return { bounds: [], left };
  const patience = timeoutMs(provider.timeout);
  return {
    left,
    bounds: [
      { metric: 'availability', bound: SUCCESS, because: `Probe ${name} (${url}): answered with success.` },
      ...(patience === undefined
        ? []
        : [
            {
              metric: 'p95',
              bound: { max: durationText(patience) },
              because: `Probe ${name}: within its time-out of ${durationText(patience)}.`,
            },
          ]),
    ],
  };
};
