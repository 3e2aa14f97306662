import { readTimestamp } from '../../load/timestamps.ts';
import { type CallOutcome, type IncidentCall, outcomeOfStatus, seriesOfCalls } from '../calls.ts';
import type { Content } from '../content.ts';
import type { ImportFormat } from '../format.ts';
import { importLimits } from '../limits.ts';
import { badFile, badValue } from '../problem.ts';
import { isRecord, type JsonRecord, listOf } from '../records.ts';
import { createSkipped } from '../skipped.ts';

const TIMEOUT = /time.?out|timed.?out|abort|cancel/i;

/** Browsers write status 0, and what went wrong in `_error`, a field of their own. */
const outcomeOf = (status: number, response: JsonRecord): CallOutcome => {
  if (status > 0) return outcomeOfStatus(status);
  return TIMEOUT.test(`${response._error ?? ''} ${response.statusText ?? ''} ${response.comment ?? ''}`)
    ? 'timeout'
    : 'connection';
};

const logOf = (content: Content): unknown => (content.form === 'json' && isRecord(content.value) ? content.value.log : undefined);

const entriesOf = (content: Content): readonly unknown[] | undefined => {
  const log = logOf(content);
  return isRecord(log) && Array.isArray(log.entries) ? log.entries : undefined;
};

/**
 * HTTP archives, version 1.2 (github.com/ahmadnassri/har-spec, versions/1.2.md; read
 * 2026-11-27): `log.entries`, each with `startedDateTime` in ISO 8601, `time` in milliseconds, and a status.
 */
export const har: ImportFormat = {
  name: 'har',
  summary: 'HTTP archives (HAR 1.2): requests by the host that they went to.',
  detects: (content) => entriesOf(content) !== undefined,
  read(file, content) {
    const entries = entriesOf(content);
    if (!entries) throw badFile(file.name, { line: 1 }, 'is no HTTP archive; expected an object with log.entries');
    if (entries.length > importLimits.calls) {
      throw badFile(file.name, undefined, `expected at most ${importLimits.calls.toLocaleString('en')} entries`);
    }
    const skipped = createSkipped();
    const calls = entries.flatMap((entry, index): readonly IncidentCall[] => {
      const path = ['log', 'entries', index];
      const wrong = (part: readonly string[], message: string) => badValue(file, [...path, ...part], message);
      if (!isRecord(entry) || !isRecord(entry.request)) throw wrong([], 'expected an entry with a request');
      const where = `log.entries[${index}]`;
      const { url } = entry.request;
      if (typeof url !== 'string' || !URL.canParse(url))
        throw wrong(['request', 'url'], `expected a URL, got ${JSON.stringify(url)}`);
      if (!/^https?:/.test(url)) {
        skipped.add(`request by ${new URL(url).protocol}`, 'only HTTP calls are read', where);
        return [];
      }
      const started = typeof entry.startedDateTime === 'string' ? readTimestamp(entry.startedDateTime, undefined) : 'is missing';
      if (typeof started === 'string')
        throw wrong(['startedDateTime'], `expected a date-time in ISO 8601, got ${JSON.stringify(entry.startedDateTime)}`);
      const { time } = entry;
      if (typeof time !== 'number' || time < 0) throw wrong(['time'], `expected milliseconds, got ${JSON.stringify(time)}`);
      const response = isRecord(entry.response) ? entry.response : {};
      const status = typeof response.status === 'number' ? response.status : 0;
      const outcome = outcomeOf(status, response);
      return [{ key: new URL(url).hostname, startMs: started.us / 1000, tookMs: time, outcome, status: status || null }];
    });
    if (calls.length === 0) throw badFile(file.name, undefined, 'has no request to learn from');
    if (listOf(logOf(content), 'pages').length > 0) {
      skipped.add('pages', 'a scenario has no pages', 'log.pages');
    }
    return { type: 'incident', series: seriesOfCalls(calls), unimported: skipped.list() };
  },
};
