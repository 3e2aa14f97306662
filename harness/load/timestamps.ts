/** Units that a trace's numbers may be in, as microseconds. */
export const US_PER_UNIT = { us: 1, ms: 1000, s: 1_000_000 } as const;

export type TimeUnit = keyof typeof US_PER_UNIT;

/** A moment in a trace. */
export interface Timestamp {
  /** Microseconds: of a number since the trace's own 0, of a date-time since 1970. */
  readonly us: number;
  readonly isDateTime: boolean;
}

const NUMBER = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** ISO 8601, with a space for the T too, any number of decimals, and UTC where no zone is given: `2023-11-16 18:15:46.6805900`. */
const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?\s?(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** Minutes that a zone such as `+02:00`, `+0200` or `+02` is ahead of UTC. */
const zoneMinutes = (zone: string): number => {
  if (zone.toUpperCase() === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || '0');
  return zone.startsWith('-') ? -minutes : minutes;
};

const readDateTime = (text: string): number | undefined => {
  const [, date, time, fraction = '.0', zone = 'Z'] = DATE_TIME.exec(text) ?? [];
  if (date === undefined) return undefined;
  const ms = Date.parse(`${date}T${time}Z`);
  // `Date` rolls 30 February over into March.
  if (new Date(ms).getUTCDate() !== Number(date.slice(8))) return undefined;
  return (ms - zoneMinutes(zone) * 60_000) * 1000 + Math.round(Number(fraction) * 1_000_000);
};

/**
 * Reads a timestamp: a number that is not negative, or a date-time.
 * @param unit of numbers
 * @returns what is wrong with it, as the end of a sentence, when it is none
 */
export const readTimestamp = (text: string, unit: TimeUnit | undefined): Timestamp | string => {
  const trimmed = text.trim();
  if (!NUMBER.test(trimmed)) {
    const us = readDateTime(trimmed);
    return us === undefined
      ? 'is no timestamp; expected a number that is not negative, or a date-time such as 2026-01-31T12:00:00.250Z'
      : { us, isDateTime: true };
  }
  if (unit === undefined)
    return 'has no unit; expected unit: us, ms or s beside file, or a column whose name tells, such as timestamp_ms';
  const us = Math.round(Number(trimmed) * US_PER_UNIT[unit]);
  return Number.isSafeInteger(us) ? { us, isDateTime: false } : 'is beyond what can be counted in microseconds';
};
