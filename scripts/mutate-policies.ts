/**
 * Whether the shipped scenarios would notice: takes each policy of the serving stack away in the source, one at a time in a copy of the
 * repository, and runs the scenarios' good designs in the simulated world. A mutation that turns no verdict is a gap.
 *
 *     npx node scripts/mutate-policies.ts [--only id]... [--seed n]... [--every]
 *     npx node scripts/mutate-policies.ts --table
 *
 * First the scenario that a mutation's row names, then the others until one turns; with `--every` all are run, and all that turn are told. Exit code 1
 * when a mutation turns none, or another than its row names. Seeds 1 and 2 when left out; about ten seconds a mutation. `--table` runs nothing
 * and prints the table of docs/policies.md.
 */
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { listScenarios } from '../harness/scenario/load-scenario.ts';
import { createCopy } from './mutate-policies/copy.ts';
import type { JudgedRun, JudgeTask } from './mutate-policies/judge-main.ts';
import type { Mutation } from './mutate-policies/mutation.ts';
import { mutations } from './mutate-policies/mutations.ts';
import { rowOf, TABLE_HEAD } from './mutate-policies/row.ts';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', multiple: true, default: ['1', '2'] },
    every: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
  },
});
if (flags.table) {
  console.log([TABLE_HEAD, ...mutations.map(rowOf)].join('\n'));
  process.exit(0);
}
const seeds = flags.seed.map(Number);
const chosen = mutations.filter(({ id }) => flags.only.length === 0 || flags.only.includes(id));
const unknown = flags.only.filter((id) => !mutations.some((mutation) => mutation.id === id));
if (unknown.length > 0 || seeds.some((seed) => !Number.isInteger(seed) || seed < 0)) {
  console.error(
    `There is no mutation ${unknown.join(', ')}, or a seed is no whole number. Mutations: ${mutations.map(({ id }) => id).join(', ')}.`,
  );
  process.exit(2);
}

/** A mutated stack may hang for ever: then it is no verdict. */
const LIMIT_MS = 600_000;

const copy = createCopy();
process.once('exit', copy.remove);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const judgeAll = async (task: JudgeTask): Promise<readonly JudgedRun[]> => {
  const args = ['scripts/mutate-policies/judge-main.ts', JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: copy.folder, timeout: LIMIT_MS });
  return stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as JudgedRun] : []));
};

const isTurned = ({ outcome }: JudgedRun) => outcome !== 'passed';
const nameOf = ({ scenario }: JudgedRun) => scenario;

const names = (await listScenarios()).map(({ name }) => name);
const named = [...new Set(chosen.map(({ turns }) => turns))];
const broken = (await judgeAll({ scenarios: flags.every ? names : named, seeds, untilTurned: false })).filter(isTurned);
for (const { scenario, seed, reasons } of broken)
  console.error(`${scenario} fails unmutated, seed ${seed}: ${reasons.join('; ')}`);
if (broken.length > 0) process.exit(1);

interface Row {
  readonly mutation: Mutation;
  readonly turned: readonly string[];
  readonly reason: string;
}

const rows: Row[] = [];
for (const mutation of chosen) {
  const scenarios = [mutation.turns, ...names.filter((name) => name !== mutation.turns)];
  const runs = await copy.with(mutation, () => judgeAll({ scenarios, seeds, untilTurned: !flags.every }));
  const turned = runs.filter(isTurned);
  const shown = turned.find(({ scenario }) => scenario === mutation.turns) ?? turned[0];
  rows.push({ mutation, turned: [...new Set(turned.map(nameOf))], reason: shown?.reasons[0] ?? '' });
  const told = turned.length === 0 ? 'TURNS NOTHING' : `turns ${rows.at(-1)!.turned.join(', ')}`;
  const isOther = turned.length > 0 && !turned.some(({ scenario }) => scenario === mutation.turns);
  console.log(`${mutation.id}: ${told}${isOther ? `, NOT ${mutation.turns}` : ''}: ${rows.at(-1)!.reason}`);
}

const gaps = rows.filter(({ mutation, turned }) => !turned.includes(mutation.turns));
console.error(`${rows.length} mutations, ${rows.length - gaps.length} turn the verdict of the scenario that their row names.`);
process.exit(gaps.length === 0 ? 0 : 1);
