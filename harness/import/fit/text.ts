/** A share as scenario files have it: percent with at most two decimals. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`;

/** A duration as scenario files have it: seconds where they are whole, milliseconds otherwise. */
export const durationText = (ms: number): string => {
  const rounded = ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms);
  return rounded >= 1000 && rounded % 100 === 0 ? `${rounded / 1000}s` : `${rounded}ms`;
};
