/**
 * What computing costs in a live run and does not in a simulated one, milliseconds. Measured by bench/overheads.ts: the median latency in live less that in
 * sim, of requests that the gateway answers by itself, and of requests that a region answers in a constant service time.
 *
 * Set to what it gave on 2 cores of an AMD EPYC at 2.6 GHz (Node 24, with the cores to itself by `chrt -r 1`, November 2026): 1.89 for the gateway; for the
 * wire 2.87 with AWS, 2.64 with Google, 2.52 with Azure. Node's timers, 0.4 ms late each on an idle machine, are part of it.
 */
export const OVERHEADS = {
  /** From the load generator's socket through the gateway's HTTP server, its handler, and back. */
  gatewayMs: 1.9,
  /** From the gateway's `fetch` through the wire's proxy, the emulator's HTTP server, and back. */
  wireMs: 2.6,
} as const;
