/**
 * What computing costs in a live run and does not in a simulated one, milliseconds. Measured as the difference of the medians of `baseline`
 * (Node 24, 2 cores, 100 requests a second: bench/sim.ts prints both); where a machine is busier, live is slower.
 */
export const OVERHEADS = {
  /** From the load generator's socket through the gateway's HTTP server, its handler, and back. */
  gatewayMs: 1.5,
  /** From the gateway's `fetch` through the wire's proxy, the emulator's HTTP server, and back. */
  wireMs: 2.5,
} as const;
