import type { Fault, FaultEffect } from '../../faults/kind.ts';
import { createRequestPicker, type RequestPicker } from '../../faults/request-selector.ts';

/** A fault while it holds a link. */
export interface ActiveFault {
  readonly fault: Fault;
  readonly effect: FaultEffect;
  /** `performance.now()` at its start. */
  readonly startedAtMs: number;
  /** How many exchanges have met it; each has draws of its own, by its number. */
  exchanges: number;
  /** Counts out the requests that it touches. */
  readonly picker: RequestPicker;
  /** Called when the fault ends. */
  readonly onEnd: Set<() => void>;
}

export const activate = (fault: Fault, effect: FaultEffect): ActiveFault => ({
  fault,
  effect,
  startedAtMs: performance.now(),
  exchanges: 0,
  picker: createRequestPicker(fault.requests),
  onEnd: new Set(),
});
