import type { FaultDraft } from '../incident.ts';
import { segment } from '../segment/windows.ts';
import { changeRules, medianIn, type Subject, timeOf, usual, valuesOf } from './measures.ts';

/** What the kind takes at most. */
const MAX_MULTIPLIER = 1000;

const digits = (value: number): string => String(Number(value.toPrecision(4)));

/** Prices above the quiet level: `cost-spike` by the ratio of the two. */
export const fitPrice = (subject: Subject): readonly FaultDraft[] => {
  const found = segment(valuesOf(subject, 'price'), changeRules.price, subject);
  if (!found) return [];
  const quiet = usual(subject, found.windows, 'price') ?? found.baseline.level;
  // Nothing is a multiple of a price of nothing.
  if (quiet <= 0) return [];
  return found.windows.map((window) => {
    const price = medianIn(subject, window, 'price') ?? quiet;
    const multiplier = Math.min(MAX_MULTIPLIER, Number((price / quiet).toFixed(3)));
    return {
      kind: 'cost-spike',
      target: subject.target,
      ...timeOf(subject, window),
      settings: { multiplier },
      because: `The price was ${digits(price)}; usual was ${digits(quiet)}.`,
    };
  });
};
