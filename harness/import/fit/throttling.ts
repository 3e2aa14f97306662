import type { FaultDraft } from '../incident.ts';
import { segment } from '../segment/windows.ts';
import { changeRules, meanIn, type Subject, timeOf, valuesOf } from './measures.ts';
import { percent } from './text.ts';

/** A quota of nothing is an outage: least that is still taken, a second. */
const LEAST_PER_S = 0.5;

/**
 * Calls that were answered with 429: the quota is what the scenario's load leaves untouched of that share.
 * @param callsPerS that the scenario sends to the region, a second
 */
export const fitThrottling = (subject: Subject, callsPerS: number): readonly FaultDraft[] => {
  const found = segment(valuesOf(subject, 'throttledShare'), changeRules.throttledShare, subject);
  return (found?.windows ?? []).map((window) => {
    const share = meanIn(subject, window, 'throttledShare') ?? 0;
    const requestsPerS = Math.max(LEAST_PER_S, Number((callsPerS * (1 - share)).toFixed(2)));
    return {
      kind: 'throttling',
      target: subject.target,
      ...timeOf(subject, window),
      settings: { requestsPerS },
      because: `${percent(share)} of the calls were throttled (429); of the ${Number(callsPerS.toFixed(1))} a second that this load sends there, ${requestsPerS} are taken.`,
    };
  });
};
