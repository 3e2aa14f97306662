import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { explainPort, isTaken, noFreePort } from './port-problem.ts';

/** Ports of the wire. Above the well-known servers' usual ones, below every system's default ephemeral range (Linux 32768, IANA 49152). */
const LOWEST = 20_000;
const HIGHEST = 32_000;
/** With less room than this below the ephemeral range the ports go further down. */
const ROOM = 2_000;
/** Ports below it need privileges. */
const UNPRIVILEGED = 1_024;
const EPHEMERAL_RANGE_FILE = '/proc/sys/net/ipv4/ip_local_port_range';

export interface PortRange {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Where the wire's ports may lie. While a link refuses connections nothing listens on its port, and an outgoing connection of
 * any process could be given it: so the ports keep below the range that the kernel gives out.
 * @param ephemeralStart first port that the kernel gives to outgoing connections; undefined when unknown
 */
export const wirePortRange = (ephemeralStart: number | undefined): PortRange => {
  const highest = Math.min(HIGHEST, (ephemeralStart ?? HIGHEST + 1) - 1);
  if (highest - ROOM >= LOWEST) return { lowest: LOWEST, highest };
  if (highest - ROOM >= UNPRIVILEGED) return { lowest: highest - ROOM, highest };
  // The kernel gives out every port: no choice is safe, and a lost port ends the run with its own text.
  return { lowest: LOWEST, highest: HIGHEST };
};

/** Linux says it in a file; elsewhere undefined. */
export const readEphemeralStart = (): number | undefined => {
  try {
    const start = Number.parseInt(readFileSync(EPHEMERAL_RANGE_FILE, 'utf8'), 10);
    return Number.isNaN(start) ? undefined : start;
  } catch {
    return undefined;
  }
};

/** Every port of the range once, from a random one on, so that runs side by side seldom try the same. */
export function* portCandidates(range: PortRange): Generator<number> {
  const count = range.highest - range.lowest + 1;
  const first = randomInt(count);
  for (let i = 0; i < count; i++) yield range.lowest + ((first + i) % count);
}

/**
 * Opens something on the port asked for, or on the first free one of the wire's range.
 * @param asked undefined takes any
 * @throws {SquallError} `PORT_IN_USE` when there is none, `BAD_FLAG` for one that is not for this user; and whatever else `open` rejects with
 */
export const openOnPort = async <Opened>(asked: number | undefined, open: (port: number) => Promise<Opened>): Promise<Opened> => {
  if (asked !== undefined) {
    return open(asked).catch((error: unknown) => {
      throw explainPort(error, asked);
    });
  }
  const range = wirePortRange(readEphemeralStart());
  for (const port of portCandidates(range)) {
    try {
      return await open(port);
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw noFreePort(range);
};
