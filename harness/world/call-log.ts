/** One call of a provider's inference endpoint, as its caller saw it. */
export interface CallRecord {
  /** E.g. `aws/us-east-1/sagemaker-runtime`. */
  readonly linkId: string;
  /** When it left, milliseconds after the measured timeline began. */
  readonly startMs: number;
  /** From then until its answer was there, or it came to nothing. */
  readonly tookMs: number;
  /** HTTP status; 0 where there was no answer: the connection failed, or the caller gave up. */
  readonly status: number;
}

/** Collects the calls of a run, by any clock. */
export interface CallLog {
  add(linkId: string, startMs: number, endMs: number, status: number): void;
  /** All calls, in the order in which they ended. @param zeroMs the clock's time at which the measured timeline began */
  calls(zeroMs: number): readonly CallRecord[];
}

/** A run of a million requests makes some millions of calls; more is a storm whose curve is known by then. */
const MAX_CALLS = 5_000_000;

export const createCallLog = (): CallLog => {
  const calls: CallRecord[] = [];
  return {
    add(linkId, startMs, endMs, status) {
      if (calls.length < MAX_CALLS) calls.push({ linkId, startMs, tookMs: endMs - startMs, status });
    },
    calls: (zeroMs) => calls.map((call) => ({ ...call, startMs: call.startMs - zeroMs })),
  };
};
