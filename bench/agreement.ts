/**
 * Whether the simulated world tells the same as the live one: every shipped scenario with its good and its bad design in both, one run at a time.
 *
 *     npx node bench/agreement.ts [--scenario name]... [--design name]... [--seed n]... [--repeats n] [--markdown]
 *
 * Each seed is run once in sim and `repeats` times in live; the medians are compared (bounds: bench/agreement/compare.ts). Exit code 1 when something
 * disagrees or could not be judged. All scenarios take about five minutes for each live repeat.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { planRun, runScenario } from '../harness/run.ts';
import { judge } from '../harness/verdict/judge.ts';
import type { RunReport } from '../harness/verdict/report.ts';
import { liveWorld } from '../harness/world/live/live-world.ts';
import { createSimPool } from '../harness/world/sim/pool.ts';
import { type Case, casesOf } from './agreement/cases.ts';
import { BOUNDS, compare } from './agreement/compare.ts';
import { figuresOf, sampleOf } from './agreement/figures.ts';
import { problemsOf, type Row, toMarkdown, toTable } from './agreement/table.ts';
import { describeMachine, machineLine } from './machine/describe.ts';
import { BenchProblem, sayProblems } from './problem.ts';

sayProblems();
const { values: flags } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true, default: [] },
    design: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', multiple: true, default: ['1'] },
    repeats: { type: 'string', default: '1' },
    markdown: { type: 'boolean', default: false },
  },
});

const wholeNumber = (text: string, flag: string, min: number): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value < 2 ** 32) return value;
  throw new BenchProblem(`--${flag} ${text}: expected a whole number from ${min} on.`);
};

const seeds = flags.seed.map((text) => wholeNumber(text, 'seed', 0));
const repeats = wholeNumber(flags.repeats, 'repeats', 1);
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());

const tell = (report: RunReport) => {
  const { outcome, availability, p50Ms, p99Ms, failoverMs } = figuresOf(report);
  const reasons = report.verdict.outcome === 'passed' ? '' : `: ${report.verdict.reasons[0] ?? ''}`;
  process.stderr.write(
    `${report.scenario} ${report.design} ${report.world} seed ${report.seed}: ${(availability * 100).toFixed(2)} %, p50 ${p50Ms.toFixed(1)}, ` +
      `p99 ${p99Ms.toFixed(1)}, failover ${failoverMs}, load average ${loadavg()[0]!.toFixed(2)}, ${outcome}${reasons}\n`,
  );
};

const runSim = async ({ scenario, designName }: Case): Promise<readonly RunReport[]> => {
  const reports: RunReport[] = [];
  const pool = createSimPool({ workers: 1 });
  try {
    for (const seed of seeds) {
      const plan = planRun(scenario, { designName, seed });
      reports.push(judge(plan, await pool.run(plan), 'sim'));
      tell(reports.at(-1)!);
    }
  } finally {
    // Before live begins, so that the thread takes nothing from it.
    await pool.close();
  }
  return reports;
};

const runLive = async ({ scenario, designName }: Case): Promise<readonly RunReport[]> => {
  const reports: RunReport[] = [];
  for (const seed of seeds) {
    for (let repeat = 0; repeat < repeats && !interrupt.signal.aborted; repeat += 1) {
      reports.push(await runScenario(liveWorld, scenario, { designName, seed, signal: interrupt.signal }));
      tell(reports.at(-1)!);
    }
  }
  return reports;
};

const cases = await casesOf(flags.scenario, flags.design);
// All are planned before the first runs: a design that one of them does not have is known at once.
for (const { scenario, designName } of cases) planRun(scenario, { designName, seed: 0 });

const machine = describeMachine();
const rows: Row[] = [];
for (const one of cases) {
  const sim = sampleOf(await runSim(one));
  const live = sampleOf(await runLive(one));
  if (interrupt.signal.aborted) break;
  rows.push({ scenario: one.scenario.name, design: one.designName, live, sim, agreement: compare(live, sim) });
}

console.log(machineLine(machine));
console.log(
  `Medians of ${seeds.length * repeats} live runs, sim with the same seeds (${seeds.join(', ')}). Agree: same verdict, availability within ` +
    `${BOUNDS.availability * 100} point, p50 within ${BOUNDS.p50Share * 100} %, failover within ${BOUNDS.failoverShare * 100} % or ${BOUNDS.failoverFloorMs} ms.\n`,
);
console.log(flags.markdown ? toMarkdown(rows) : toTable(rows));
const problems = problemsOf(rows);
for (const problem of problems) console.log(problem);
process.exitCode = interrupt.signal.aborted ? 130 : problems.length > 0 ? 1 : 0;
