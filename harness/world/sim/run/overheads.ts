/**
 * What computing costs in a live run and does not in a simulated one, milliseconds. Set so that the median latency of region-outage agrees with
 * a live run of the same seed: live 28.6 to 29.9 ms by phase (Node 24, 2 cores that other work kept busy, November 2026), sim 26 to 28. On a quiet
 * machine live is faster: bench/agreement.ts is what to set them by.
 */
export const OVERHEADS = {
  /** From the load generator's socket through the gateway's HTTP server, its handler, and back. */
  gatewayMs: 2,
  /** From the gateway's `fetch` through the wire's proxy, the emulator's HTTP server, and back. */
  wireMs: 3,
} as const;
