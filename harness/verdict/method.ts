import type { LoadPlan } from '../scenario/scenario.ts';
import { formatTime, formatValue } from './format.ts';

const loadSentence = ({ shape }: LoadPlan): string =>
  shape.type === 'open'
    ? `Open-loop load with ${shape.arrivals} arrivals: latency counts from the time a request was due.`
    : `Closed-loop load on ${shape.connections} connections: latency counts from the time a request was sent.`;

/** How the numbers of a report were had, in a few sentences. */
export const describeMethod = (load: LoadPlan): string =>
  [
    loadSentence(load),
    'A request belongs to the phase of its due time.',
    'Percentiles are over all requests of the phase, failed and timed-out ones counted until they were given up (HDR histogram, 3 significant digits).',
    `Available: a 2xx answer within ${formatTime(load.timeoutMs)}; goodput: within ${formatValue('ms', load.goodWithinMs)}.`,
    'Failover and recovery time count undegraded success only, in steps of one request.',
    "Cost is the difference of the providers' meters at the edges of the phase.",
  ].join(' ');
