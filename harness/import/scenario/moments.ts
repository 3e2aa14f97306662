/** Moments from this on are since 1970 rather than since a recording's own 0: they lie after 2001. */
const SINCE_1970_MS = 1e12;

/** Moments of a recording in words: dates, or seconds into it. @param startMs of the recording */
export const createMoments = (startMs: number) => {
  const isDated = startMs >= SINCE_1970_MS;
  return {
    isDated,
    text: (ms: number): string =>
      isDated ? new Date(ms).toISOString().replace('.000Z', 'Z') : `${Math.round((ms - startMs) / 1000)} s into it`,
  };
};

export type Moments = ReturnType<typeof createMoments>;

/** A length in the unit that people would say it in. */
export const lengthText = (ms: number): string => {
  const minutes = ms / 60_000;
  if (minutes >= 120) return `${Number((minutes / 60).toFixed(1))} h`;
  return minutes >= 2 ? `${Number(minutes.toFixed(1))} min` : `${Number((ms / 1000).toFixed(1))} s`;
};
