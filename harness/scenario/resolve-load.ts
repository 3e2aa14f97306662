import type { Report } from './problem.ts';
import type { LoadPlan, RateStage } from './scenario.ts';
import { limits, type ParsedScenario } from './schema.ts';

type ParsedLoad = ParsedScenario['load'];

const stagesOf = ({ rate, stages = [] }: ParsedLoad, durationMs: number): readonly RateStage[] => {
  if (rate !== undefined) return [{ forMs: durationMs, fromPerS: rate, toPerS: rate }];
  return stages.map(({ for: forMs, from, to }, index) => ({ forMs, fromPerS: from ?? stages[index - 1]?.to ?? to, toPerS: to }));
};

/** Requests that the stages make until the timeline ends. */
const countRequests = (stages: readonly RateStage[], durationMs: number): number => {
  let startMs = 0;
  let requests = 0;
  for (const { forMs, fromPerS, toPerS } of stages) {
    const share = Math.min(1, Math.max(0, durationMs - startMs) / forMs);
    requests += ((fromPerS + (fromPerS + (toPerS - fromPerS) * share)) / 2) * ((forMs * share) / 1000);
    startMs += forMs;
  }
  return requests + ((stages.at(-1)?.toPerS ?? 0) * Math.max(0, durationMs - startMs)) / 1000;
};

/** How requests arrive; a load that is more than a run can hold, or none at all, is reported. */
export const resolveLoad = ({ load, duration }: ParsedScenario, report: Report): LoadPlan => {
  const common = { model: load.model, timeoutMs: load.timeout, goodWithinMs: load.goodWithin ?? load.timeout };
  if (load.connections !== undefined) return { ...common, shape: { type: 'closed', connections: load.connections } };
  const stages = stagesOf(load, duration);
  const requests = Math.round(countRequests(stages, duration));
  const path = ['load', load.rate === undefined ? 'stages' : 'rate'];
  if (requests > limits.requests) {
    report(
      path,
      `makes ${requests.toLocaleString('en')} requests; expected at most ${limits.requests.toLocaleString('en')} in a run`,
    );
  }
  if (requests < 1) report(path, 'makes no request; expected a rate above 0');
  return { ...common, shape: { type: 'open', arrivals: load.arrivals ?? 'poisson', stages } };
};
