/** A fault, as far as a bar shows it. */
export interface Span {
  readonly atMs: number;
  readonly forMs: number;
}

/** Which of `cells` equal parts of the timeline hold a fault; one that is on the timeline has one at least. */
const faultCells = (spans: readonly Span[], durationMs: number, cells: number): ReadonlySet<number> =>
  new Set(
    spans
      .filter(({ atMs }) => atMs < durationMs)
      .flatMap(({ atMs, forMs }) => {
        const first = Math.min(cells - 1, Math.floor((Math.max(0, atMs) / durationMs) * cells));
        const end = Math.min(cells, Math.round(((atMs + forMs) / durationMs) * cells));
        return Array.from({ length: Math.max(1, end - first) }, (_, offset) => first + offset);
      }),
  );

const bar = (cells: number, characterAt: (cell: number) => string): string =>
  Array.from({ length: cells }, (_, cell) => characterAt(cell)).join('');

/** The whole timeline with its faults: `──████──`. */
export const timelineBar = (spans: readonly Span[], durationMs: number, cells: number): string => {
  const faults = faultCells(spans, durationMs, cells);
  return bar(cells, (cell) => (faults.has(cell) ? '█' : '─'));
};

/** The timeline as far as it has come: `━━██░░──`. */
export const progressBar = (spans: readonly Span[], durationMs: number, elapsedMs: number, cells: number): string => {
  const faults = faultCells(spans, durationMs, cells);
  const reached = (elapsedMs / durationMs) * cells;
  return bar(cells, (cell) => (cell < reached ? (faults.has(cell) ? '█' : '━') : faults.has(cell) ? '░' : '─'));
};
