import { planRun } from '../run.ts';
import type { Observations } from '../world/sim/observations.ts';
import type { RunPlan, RunRecord } from '../world/world.ts';
import { exploreBounds } from './bounds.ts';
import type { Replay } from './replay-file.ts';
import { needsObservations, planUnder, type Violation, violationsOf } from './violations.ts';

/** Runs the plan in either world; live has no observations. */
export type RunReplay = (plan: RunPlan) => Promise<RunRecord & { readonly observations?: Observations }>;

export interface ReplayResult {
  /** `same`: just what was recorded; `broken`: the recorded rule is broken again, with other figures; `other`: only other rules are. */
  readonly outcome: 'same' | 'broken' | 'other' | 'gone' | 'interrupted';
  readonly violations: readonly Violation[];
  /** Whether the recorded rule could be judged in that world. */
  readonly isJudged: boolean;
}

/**
 * Runs a recorded schedule again, and compares what breaks.
 * @throws what the world throws
 */
export const replay = async ({ file, scenario }: Replay, run: RunReplay): Promise<ReplayResult> => {
  const bounds = exploreBounds({ ...scenario, explore: { ...scenario.explore, fromMs: 0, untilMs: scenario.durationMs } });
  const plan = planUnder(planRun(scenario, { seed: file.seed }), scenario.faults, bounds);
  const { observations, ...record } = await run(plan);
  if (record.end.type === 'interrupted') return { outcome: 'interrupted', violations: [], isJudged: false };
  const violations = violationsOf(plan, record, observations, bounds);
  const wanted = file.expected[0]!.rule;
  const isJudged = observations !== undefined || !needsObservations(wanted);
  const isSame = JSON.stringify(violations) === JSON.stringify(file.expected);
  const outcome = isSame
    ? 'same'
    : violations.some(({ rule }) => rule === wanted)
      ? 'broken'
      : violations.length > 0
        ? 'other'
        : 'gone';
  return { outcome, violations, isJudged };
};
