/** Limits of a scenario: what one machine can carry, and what a reader can follow. */
export const limits = {
  faults: 64,
  regions: 32,
  containers: 16,
  designs: 32,
  stages: 64,
  bursts: 64,
  /** Of all entries of `bursts` together, one that repeats counted each time. */
  burstStarts: 10_000,
  tenants: 16,
  /** Of one recorded curve. */
  recordedPoints: 3600,
  inputs: 1000,
  connections: 512,
  ratePerS: 5000,
  requests: 1_000_000,
  durationMs: 3_600_000,
  warmupMs: 300_000,
  /** Of a scenario or replay file: a million arrivals, written out, fit. */
  fileBytes: 10_000_000,
} as const;
