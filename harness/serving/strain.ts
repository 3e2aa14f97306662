import type { Design } from './config.ts';

/**
 * Whether a link fails or throttles so large a share of its attempts that others should be asked first. It does not take the link out, as
 * a breaker does: a throttled link is alive, and a link that fails every third attempt never fails five in a row.
 */
export interface Strain {
  readonly isStrained: boolean;
  record(isFailure: boolean): void;
}

/** Weight of the newest attempt: one failure alone is no strain, two in a row are. */
const WEIGHT = 0.2;

/** Share of failures as a moving average that fades with time. */
export const createStrain = (policy: Design['outlierDetection']): Strain => {
  if (policy === false) return { isStrained: false, record: () => undefined };
  const { failureShare, halfLifeMs } = policy;
  let share = 0;
  let recordedAtMs = 0;
  const current = () => share * 0.5 ** ((performance.now() - recordedAtMs) / halfLifeMs);
  return {
    get isStrained() {
      // It only fades: what was too little is, without a look at the clock. Routing asks this of every link for every request.
      return share > failureShare && current() > failureShare;
    },
    record(isFailure) {
      share = current() * (1 - WEIGHT) + (isFailure ? WEIGHT : 0);
      recordedAtMs = performance.now();
    },
  };
};
