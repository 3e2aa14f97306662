import type { LoadPlan } from '../scenario/scenario.ts';
import { formatTime, formatValue } from './format.ts';

const counted = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

const loadSentence = ({ shape }: LoadPlan): string => {
  if (shape.type === 'closed') {
    return `Closed-loop load on ${shape.connections} connections: latency counts from the time a request was sent.`;
  }
  const { bursts = [] } = shape.arrivals === 'recorded' ? {} : shape;
  const starts = bursts.reduce((sum, { count }) => sum + count, 0);
  const arrivals =
    shape.arrivals === 'recorded'
      ? `the ${counted(shape.timesUs.length, 'recorded arrival')} of a trace (${shape.source})`
      : `${shape.arrivals} arrivals${starts > 0 ? ` in ${counted(starts, 'burst')} and between them` : ''}`;
  return `Open-loop load with ${arrivals}: latency counts from the time a request was due.`;
};

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
