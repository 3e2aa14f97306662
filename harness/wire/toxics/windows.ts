/** When something is on: in one window, or in one that comes again and again. */
export interface Windows {
  /** Before the first window, milliseconds. */
  readonly afterMs: number;
  /** Length of a window, milliseconds; without end where it is infinite. */
  readonly forMs: number;
  /** From the start of a window to that of the next, milliseconds; infinite where there is but one. */
  readonly everyMs: number;
}

/** Whether it is on at an age, milliseconds, and when that changes; infinite for never. */
export const windowAt = (
  { afterMs, forMs, everyMs }: Windows,
  ageMs: number,
): { readonly isOn: boolean; readonly edgeMs: number } => {
  if (ageMs < afterMs) return { isOn: false, edgeMs: afterMs };
  const round = Number.isFinite(everyMs) ? Math.floor((ageMs - afterMs) / everyMs) : 0;
  const startMs = round === 0 ? afterMs : afterMs + round * everyMs;
  const isOn = ageMs - startMs < forMs;
  return { isOn, edgeMs: startMs + (isOn ? forMs : everyMs) };
};
