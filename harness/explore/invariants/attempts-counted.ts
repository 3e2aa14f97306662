import type { Design } from '../../serving/config.ts';
import { type Attribution, attribute } from './attribution.ts';
import { firstOf, overObservations, seconds } from './invariant.ts';

/** Exchanges that one request may cause, refused credentials left out: attempts that follow each other, each with a hedge. */
const mostOf = ({ retry, hedging }: Design): number =>
  (1 + (retry === false ? 0 : retry.maxRetries)) * (hedging === false ? 1 : 2);

interface Group {
  readonly sampleIndex: number;
  readonly fromMs: number;
  untilMs: number;
  requests: number;
  exchanges: number;
}

/** Requests about the same sample that were under way together, with their exchanges: within such a group it cannot be told whose one is. */
const groupsOf = ({ spans, exchanges }: Attribution): readonly Group[] => {
  const groups = new Map<number, Group[]>();
  for (const { request, fromMs, untilMs } of spans) {
    const { sampleIndex } = request;
    const ofSample = groups.get(sampleIndex) ?? [];
    const last = ofSample.at(-1);
    if (last && fromMs <= last.untilMs) {
      last.untilMs = Math.max(last.untilMs, untilMs);
      last.requests += 1;
    } else ofSample.push({ sampleIndex, fromMs, untilMs, requests: 1, exchanges: 0 });
    groups.set(sampleIndex, ofSample);
  }
  for (const { exchange, part } of exchanges) {
    if (part !== 'first' && part !== 'extra') continue;
    const { about, atMs } = exchange;
    const group = groups.get(Number(about))?.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs <= untilMs);
    if (group) group.exchanges += 1;
  }
  return [...groups.values()].flat().sort((a, b) => a.fromMs - b.fromMs);
};

/** A request is not tried more often than the design says. */
export const attemptsCounted = overObservations(
  'attempts-counted',
  'No request is asked of providers more often than its first attempt, the retries and the hedges of the design come to.',
  (observations, { plan }) => {
    const most = mostOf(plan.design);
    return firstOf(
      groupsOf(attribute(observations)).filter(({ requests, exchanges }) => exchanges > requests * most),
      ({ sampleIndex, fromMs, requests, exchanges }) =>
        `${requests === 1 ? 'A request' : `${requests} requests`} about sample ${sampleIndex}, accepted at ${seconds(fromMs)}${requests === 1 ? '' : ' and after'}, caused ${exchanges} calls of providers, and the design allows ${requests * most}`,
    );
  },
);
