import type { Candidate } from '../../harness/serving/routing.ts';

/** A link that is well and of which nothing is known, as routing sees it. */
export const candidate = (id: string, parts: Partial<Candidate> = {}): Candidate => ({
  id,
  priority: 0,
  latencyMs: undefined,
  usdPer1k: undefined,
  isTooDear: false,
  isStrained: false,
  isUsable: true,
  isProbeDue: false,
  inFlight: 0,
  isFull: false,
  isBusy: false,
  holdsBack: () => false,
  ...parts,
});
