import type { Fault } from '../../../faults/kind.ts';
import type { RequestRecord } from '../../../load/sample.ts';
import type { AnyLink } from '../../../topology/link.ts';

/** The event log of a run, as Chrome trace-event JSON: ui.perfetto.dev and chrome://tracing open it. Times are virtual, microseconds. */
export interface Trace {
  /** An exchange on a link is over. Times are the clock's. */
  exchange(link: AnyLink, startMs: number, endMs: number, end: string): void;
  /** Something was told. */
  event(atMs: number, text: string): void;
  /** The file. @param zeroMs the clock's time at which the measured timeline began */
  toJson(faults: readonly Fault[], requests: readonly RequestRecord[], zeroMs: number): string;
}

/** Rows of the picture. */
const REQUESTS = 1;
const FAULTS = 2;
const EVENTS = 3;
const FIRST_LINK = 10;

const US_PER_MS = 1000;
const PROCESS = 1;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly [more: string]: unknown;
}

/** Spans of one row may overlap, so they are asynchronous events: a begin and an end with the same id. */
const span = (
  name: string,
  cat: string,
  id: string,
  tid: number,
  startMs: number,
  endMs: number,
  args: object,
): readonly TraceEvent[] => {
  const common = { name, cat, id, pid: PROCESS, tid };
  return [
    { ...common, ph: 'b', ts: Math.round(startMs * US_PER_MS), args },
    { ...common, ph: 'e', ts: Math.round(endMs * US_PER_MS) },
  ];
};

const rowName = (tid: number, name: string): TraceEvent => ({
  name: 'thread_name',
  ph: 'M',
  ts: 0,
  pid: PROCESS,
  tid,
  args: { name },
});

export const createTrace = (links: readonly AnyLink[]): Trace => {
  const rows = new Map(links.map(({ id }, index) => [id, FIRST_LINK + index]));
  const exchanges: { link: AnyLink; startMs: number; endMs: number; end: string }[] = [];
  const events: { atMs: number; text: string }[] = [];

  return {
    exchange: (link, startMs, endMs, end) => void exchanges.push({ link, startMs, endMs, end }),
    event: (atMs, text) => void events.push({ atMs, text }),
    toJson(faults, requests, zeroMs) {
      const traceEvents: readonly TraceEvent[] = [
        { name: 'process_name', ph: 'M', ts: 0, pid: PROCESS, tid: 0, args: { name: 'squall, virtual time' } },
        rowName(REQUESTS, 'requests'),
        rowName(FAULTS, 'faults'),
        rowName(EVENTS, 'events'),
        ...[...rows].map(([id, tid]) => rowName(tid, id)),
        ...faults.flatMap(({ name, kind, targets, atMs, forMs }) =>
          span(name, 'fault', `fault ${name}`, FAULTS, zeroMs + atMs, zeroMs + atMs + forMs, { kind, targets }),
        ),
        ...requests.flatMap(({ dueMs, endMs, outcome, ...more }, index) =>
          span(outcome, 'request', `request ${index}`, REQUESTS, zeroMs + dueMs, zeroMs + endMs, more),
        ),
        ...exchanges.flatMap(({ link, startMs, endMs, end }, index) =>
          span(end, 'exchange', `exchange ${index}`, rows.get(link.id)!, startMs, endMs, { link: link.id }),
        ),
        ...events.map(({ atMs, text }) => ({
          name: text,
          cat: 'event',
          ph: 'i',
          s: 'p',
          ts: Math.round(atMs * US_PER_MS),
          pid: PROCESS,
          tid: EVENTS,
        })),
      ];
      return `${JSON.stringify({ displayTimeUnit: 'ms', traceEvents })}\n`;
    },
  };
};
