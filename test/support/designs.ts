/** Every policy that a design may do without, off; routing has no such switch. */
export const policiesOff = {
  healthChecks: false,
  circuitBreaker: false,
  retry: false,
  hedging: false,
  attemptTimeoutMs: false,
  deadlineMs: false,
  credentialRefresh: false,
  costGuard: false,
  degrade: false,
} as const;
