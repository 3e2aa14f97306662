import { burstsAt, courseOf, until } from '../load/course.ts';
import { limits } from './limits.ts';
import type { ParsedBurst, ParsedLoad } from './load-block.ts';
import type { DocumentPath, Report } from './problem.ts';
import { resolveTenants } from './resolve-tenants.ts';
import { resolveTrace } from './resolve-trace.ts';
import type { Burst, LoadPlan, RateStage } from './scenario.ts';
import type { ParsedScenario } from './schema.ts';

/** Stands where the shape was refused, so that the rest of the scenario can be checked. */
const NO_SHAPE: LoadPlan['shape'] = { type: 'open', arrivals: 'constant', stages: [] };

const inWords = (count: number): string => count.toLocaleString('en');

const stagesOf = ({ rate, stages = [] }: ParsedLoad, durationMs: number): readonly RateStage[] => {
  if (rate !== undefined) return [{ forMs: durationMs, fromPerS: rate, toPerS: rate }];
  return stages.map(({ for: forMs, from, to }, index) => ({ forMs, fromPerS: from ?? stages[index - 1]?.to ?? to, toPerS: to }));
};

export const burstsOf = (bursts: readonly ParsedBurst[], durationMs: number): readonly Burst[] =>
  bursts.map(({ name, at, for: forMs, every, multiplier = 1, add = 0 }) => {
    const count = every === undefined ? 1 : Math.max(1, Math.ceil((durationMs - at) / every));
    return {
      ...(name === undefined ? {} : { name }),
      atMs: at,
      forMs,
      everyMs: count > 1 ? every! : 0,
      count,
      multiplier,
      addPerS: add,
    };
  });

/** Reports bursts that the timeline has no place for. */
export const checkBursts = (bursts: readonly Burst[], path: DocumentPath, durationMs: number, report: Report): void => {
  for (const [index, { atMs, forMs, count }] of bursts.entries()) {
    const complain = (part: string, message: string) => report([...path, index, part], message);
    if (atMs >= durationMs) complain('at', `the burst starts after the timeline ends; expected less than ${durationMs / 1000}s`);
    else if (count === 1 && atMs + forMs > durationMs) {
      complain('for', `the burst lasts to ${(atMs + forMs) / 1000}s, and the timeline ends at ${durationMs / 1000}s`);
    }
  }
};

/** Reports the burst that comes last of those that take the rate beyond its limit. */
const checkPeak = (stages: readonly RateStage[], bursts: readonly Burst[], durationMs: number, report: Report): void => {
  let startMs = 0;
  for (const { forMs, fromPerS, toPerS } of until(courseOf(stages, bursts), durationMs)) {
    const peakPerS = Math.max(fromPerS, toPerS);
    if (peakPerS > limits.ratePerS) {
      const [last] = burstsAt(bursts, startMs + forMs / 2).slice(-1);
      const peak = `takes the load to ${inWords(Math.round(peakPerS))} a second at ${startMs / 1000}s`;
      report(['load', 'bursts', last ? bursts.indexOf(last) : 0], `${peak}; expected at most ${limits.ratePerS}`);
      return;
    }
    startMs += forMs;
  }
};

/** Requests that a rate makes until the timeline ends. */
const countRequests = (stages: readonly RateStage[], bursts: readonly Burst[], durationMs: number): number =>
  until(courseOf(stages, bursts), durationMs).reduce(
    (sum, { forMs, fromPerS, toPerS }) => sum + ((fromPerS + toPerS) / 2) * (forMs / 1000),
    0,
  );

const resolveRate = (load: ParsedLoad, durationMs: number, report: Report): LoadPlan['shape'] => {
  const stages = stagesOf(load, durationMs);
  const bursts = burstsOf(load.bursts ?? [], durationMs);
  const starts = bursts.reduce((sum, { count }) => sum + count, 0);
  if (starts > limits.burstStarts) {
    report(['load', 'bursts'], `makes ${inWords(starts)} bursts; expected at most ${inWords(limits.burstStarts)}`);
    return NO_SHAPE;
  }
  checkBursts(bursts, ['load', 'bursts'], durationMs, report);
  checkPeak(stages, bursts, durationMs, report);
  const requests = Math.round(countRequests(stages, bursts, durationMs));
  const path = ['load', load.rate === undefined ? 'stages' : 'rate'];
  if (requests > limits.requests) {
    report(path, `makes ${inWords(requests)} requests; expected at most ${inWords(limits.requests)} in a run`);
  }
  if (requests < 1) report(path, 'makes no request; expected a rate above 0');
  return { type: 'open', arrivals: load.arrivals ?? 'poisson', stages, ...(bursts.length > 0 ? { bursts } : {}) };
};

const resolveShape = (load: ParsedLoad, durationMs: number, folder: string | undefined, report: Report): LoadPlan['shape'] => {
  if (load.connections !== undefined) return { type: 'closed', connections: load.connections };
  if (load.trace) return resolveTrace(load.trace, durationMs, folder, report) ?? NO_SHAPE;
  return resolveRate(load, durationMs, report);
};

/** Left out what is not said. */
const httpOf = ({ http }: ParsedLoad): Pick<LoadPlan, 'http'> => {
  if (!http) return {};
  const { method, path, headers, body, label, servedBy } = http;
  return {
    http: {
      method,
      path,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(label === undefined ? {} : { label }),
      ...(servedBy === undefined ? {} : { servedByHeader: servedBy }),
    },
  };
};

/**
 * How requests arrive; a load that is more than a run can hold, or none at all, is reported.
 * @param folder where a trace file is found; absent for content that has no place
 */
export const resolveLoad = (parsed: ParsedScenario, folder: string | undefined, report: Report): LoadPlan => {
  const { load, duration } = parsed;
  const { door, model, timeout, deadline, goodWithin = timeout } = load;
  const told = deadline === undefined ? {} : { deadlineMs: deadline };
  const operation = load.graphql === undefined ? {} : { graphql: load.graphql };
  const common = { door, ...httpOf(load), ...operation, model, timeoutMs: timeout, ...told, goodWithinMs: goodWithin };
  const shape = resolveShape(load, duration, folder, report);
  return {
    ...common,
    ...resolveTenants(parsed, shape, report),
    ...(load.inputs === undefined ? {} : { inputs: load.inputs }),
    shape,
  };
};
