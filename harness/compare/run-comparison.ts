import { SquallError } from '../errors.ts';
import { planRun } from '../run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { judge } from '../verdict/judge.ts';
import type { RunHooks, RunPlan, RunRecord, World } from '../world/world.ts';
import { type Compared, type ComparisonReport, comparisonReport, type RunOutcome } from './report.ts';
import type { Variant } from './variants.ts';

/** What carries runs out: a pool of simulating threads, or the live world. */
export interface Runner {
  readonly world: World['name'];
  /** Runs at the same time, at least 1: changes how long it takes, not what comes out. Live: 1, for runs must not take each other's cores. */
  readonly width: number;
  run(plan: RunPlan, hooks: RunHooks): Promise<RunRecord>;
}

export interface ComparisonProgress {
  readonly done: number;
  readonly of: number;
  /** What was started last. */
  readonly variant: string;
  readonly seed: number;
  /** Of that run, milliseconds of its timeline: live only. */
  readonly elapsedMs?: number;
}

export interface ComparisonOptions {
  readonly runner: Runner;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ComparisonProgress) => void;
}

/** Runs at most: variants times seeds. */
export const MAX_RUNS = 2000;

/** Broke in this run, and may be the design's doing: the other runs go on. All else is wrong with the input or the machine. */
const ONE_RUN_ONLY: readonly string[] = ['GATEWAY_FAILED', 'EMULATOR_FAILED'];

const planOf = (scenario: Scenario, { name, patched }: Variant, seed: number): RunPlan =>
  planRun({ ...scenario, design: name, designs: { [name]: patched } }, { seed });

/**
 * Runs every variant with every seed, and sets the results side by side. The seeds are taken one after the other, so that an
 * interrupted comparison has all variants with the same ones as far as it can.
 * @throws {SquallError} `BAD_FLAG` for too many runs; what the runner throws, unless it tells of one run only
 */
export const runComparison = async (
  compared: Omit<Compared, 'world'>,
  { runner, signal, onProgress }: ComparisonOptions,
): Promise<ComparisonReport> => {
  const { scenario, variants, seeds } = compared;
  const of = variants.length * seeds.length;
  if (of > MAX_RUNS) {
    throw new SquallError(
      'BAD_FLAG',
      `${variants.length} variants with ${seeds.length} seeds make ${of} runs.`,
      `At most ${MAX_RUNS} are made.`,
    );
  }
  const outcomes = variants.map((): RunOutcome[] => []);
  const waiting = seeds.flatMap((seed) => variants.map((variant, index) => ({ seed, variant, index })));
  let done = 0;

  const runOne = async (variant: Variant, seed: number): Promise<RunOutcome | undefined> => {
    const plan = planOf(scenario, variant, seed);
    const tell = (elapsedMs?: number) =>
      onProgress?.({ done, of, variant: variant.name, seed, ...(elapsedMs === undefined ? {} : { elapsedMs }) });
    tell();
    try {
      const record = await runner.run(plan, { signal, onRecords: (_records, nowMs) => tell(nowMs) });
      if (record.end.type === 'interrupted') return undefined;
      const report = judge(plan, record, runner.world);
      return { seed, verdict: report.verdict, report };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof SquallError) || !ONE_RUN_ONLY.includes(error.code)) throw error;
      return { seed, verdict: { outcome: 'invalid', reasons: [error.message] } };
    }
  };

  let isBroken = false;
  const lane = async () => {
    for (let next = waiting.shift(); next && !signal.aborted && !isBroken; next = waiting.shift()) {
      try {
        const outcome = await runOne(next.variant, next.seed);
        if (!outcome) continue;
        outcomes[next.index]!.push(outcome);
        done += 1;
      } catch (error) {
        isBroken = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(runner.width, of) }, lane));
  return comparisonReport({ ...compared, world: runner.world }, outcomes, signal.aborted && done < of);
};
