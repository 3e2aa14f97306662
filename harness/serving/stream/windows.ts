import type { WindowCount } from './event.ts';

/** Windows that are not complete, and how far the events have come. */
export interface WindowState {
  /** No event before this is counted any more: the newest event's time, less what may be late. */
  readonly watermarkMs: number;
  readonly open: readonly WindowCount[];
  /** Events that came behind the watermark, and are in no window. */
  readonly late: number;
}

export interface WindowRules {
  readonly windowMs: number;
  readonly latenessMs: number;
}

/** An event that has been answered. */
export interface Counted {
  readonly eventTimeMs: number;
  /** Null where there is no prediction. */
  readonly label: number | null;
}

const CLASSES = 10;

export const NO_WINDOWS: WindowState = { watermarkMs: 0, open: [], late: 0 };

const count = (window: WindowCount, label: number | null): WindowCount => ({
  ...window,
  count: window.count + 1,
  labels: window.labels.map((number, at) => (at === label ? number + 1 : number)),
});

/**
 * Counts events into tumbling windows by their own time. A window is complete, and given out once, when the watermark has passed its end.
 * @returns the windows that are complete now, in order, and what is open
 */
export const countInto = (
  state: WindowState,
  events: readonly Counted[],
  { windowMs, latenessMs }: WindowRules,
): { readonly complete: readonly WindowCount[]; readonly state: WindowState } => {
  const open = new Map(state.open.map((window) => [window.startMs, window]));
  let { watermarkMs, late } = state;
  for (const { eventTimeMs, label } of events) {
    const startMs = Math.floor(eventTimeMs / windowMs) * windowMs;
    if (startMs + windowMs <= watermarkMs) late += 1;
    else {
      const empty = { startMs, count: 0, labels: new Array<number>(CLASSES).fill(0) };
      open.set(startMs, count(open.get(startMs) ?? empty, label));
    }
    watermarkMs = Math.max(watermarkMs, eventTimeMs - latenessMs);
  }
  const inOrder = [...open.values()].sort((a, b) => a.startMs - b.startMs);
  const isComplete = ({ startMs }: WindowCount) => startMs + windowMs <= watermarkMs;
  return {
    complete: inOrder.filter(isComplete),
    state: { watermarkMs, open: inOrder.filter((window) => !isComplete(window)), late },
  };
};

/** The state that a commit has kept. */
export const readState = (text: string | null): WindowState => (text === null ? NO_WINDOWS : (JSON.parse(text) as WindowState));

export const writeState = (state: WindowState): string => JSON.stringify(state);
