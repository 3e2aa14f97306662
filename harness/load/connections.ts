import { SquallError } from '../errors.ts';
import type { LoadPlan } from '../scenario/scenario.ts';
import { mostArrivalsWithin } from './arrivals.ts';
import { shapesOf } from './tenants.ts';

/** Most connections that the load opens; each takes a file descriptor here and one in the system under test. */
export const MAX_CONNECTIONS = 4000;

/** A request may hold its connection this much longer than the time-out on a busy machine, milliseconds. */
const MARGIN_MS = 500;

/** How far above its mean the number of requests under way may rise, in standard deviations: once in a billion for Poisson arrivals. */
const DEVIATIONS = 6;

/**
 * Connections that a plan needs so that no arrival ever waits for one. Open loop: all that are due within one time-out
 * are under way, if none is answered; and Poisson arrivals vary around the expected number.
 * @throws {SquallError} `BAD_SCENARIO` above MAX_CONNECTIONS
 */
export const connectionsFor = (plan: LoadPlan): number => {
  const { shape, timeoutMs } = plan;
  const meanUnderWay = shapesOf(plan).reduce(
    (sum, one) => sum + (one.type === 'closed' ? one.connections : mostArrivalsWithin(one, timeoutMs + MARGIN_MS)),
    0,
  );
  const connections =
    shape.type === 'closed' ? shape.connections : Math.max(1, Math.ceil(meanUnderWay + DEVIATIONS * Math.sqrt(meanUnderWay)));
  if (connections <= MAX_CONNECTIONS) return connections;
  throw new SquallError(
    'BAD_SCENARIO',
    `The load needs ${connections} connections, above the limit of ${MAX_CONNECTIONS} (MAX_CONNECTIONS).`,
    shape.type === 'closed' ? 'Ask for fewer connections.' : 'Lower the peak rate, shorten the bursts, or lower the time-out.',
  );
};
