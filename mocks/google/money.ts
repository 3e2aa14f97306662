/** google.type.Money: whole units, and billionths of a unit. */
export interface Money {
  /** ISO 4217. */
  readonly currencyCode: 'USD';
  /** An int64, which JSON carries as a string. */
  readonly units: string;
  /** 0..999,999,999 for an amount that is not negative. */
  readonly nanos: number;
}

const NANOS_PER_UNIT = 1_000_000_000;

/** @param usd 0 or more, below 9 million (where a billionth is still exact); rounded to the nearest billionth of a dollar */
export const toMoney = (usd: number): Money => {
  const totalNanos = Math.round(usd * NANOS_PER_UNIT);
  const units = Math.floor(totalNanos / NANOS_PER_UNIT);
  return { currencyCode: 'USD', units: String(units), nanos: totalNanos - units * NANOS_PER_UNIT };
};
