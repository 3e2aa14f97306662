/**
 * What a gateway adds to a request: squall's reference gateway beside Portkey's open-source one, and no gateway at all, before one emulator of
 * SageMaker's runtime, in one run:
 *
 *     npx node bench/gateway.ts [--seconds 4] [--rounds 5] [--markdown] [--json gateway.json]
 *
 * Each answers predictions of the same image. Gateways have core 0 to themselves (Linux), one at a time is loaded; the emulator and
 * autocannon share the rest. Goal: squall adds no more than Portkey, and answers as many requests a second.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { loadSamples } from '../harness/load/samples.ts';
import type { Contender, Running } from './gateway/contender.ts';
import { POLICIES } from './gateway/contender.ts';
import { cores, onCores, pinSelf } from './gateway/cores.ts';
import { direct } from './gateway/direct.ts';
import { startUpstream } from './gateway/emulator.ts';
import { type Figures, figuresOf, type Sample } from './gateway/figures.ts';
import { load } from './gateway/load.ts';
import { portkey } from './gateway/portkey.ts';
import { squall, squallShared } from './gateway/squall.ts';
import { describeMachine, machineLine } from './machine/describe.ts';
import { BenchProblem, sayProblems } from './problem.ts';

sayProblems();
const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '5' },
    markdown: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const SECONDS = Number(flags.seconds);
const ROUNDS = Number(flags.rounds);
if (!(SECONDS >= 1 && ROUNDS >= 1)) throw new BenchProblem('bench/gateway: seconds and rounds must be numbers of at least 1.');
const CONNECTIONS = [1, 16, 64];
const WARMUP_S = 2;

const contenders: readonly Contender[] = [direct, squall, squallShared, portkey];
const { pixels } = loadSamples('digits')[0]!;

const machine = describeMachine();
console.log(machineLine(machine));
const upstream = await (cores ? onCores(cores.others, startUpstream) : startUpstream());
const start = (contender: Contender) => contender.start(upstream, pixels, POLICIES);
const running = new Map<Contender, Running>();
const samples = new Map<string, Sample[]>();
const keyOf = ({ name }: Contender, connections: number) => `${connections} ${name}`;
try {
  for (const contender of contenders) {
    running.set(contender, await (cores ? onCores(cores.gateways, () => start(contender)) : start(contender)));
  }
  if (cores) pinSelf(cores.others);
  for (const contender of contenders) {
    await load(contender.name, running.get(contender)!.request, Math.max(...CONNECTIONS), { seconds: WARMUP_S });
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const connections of CONNECTIONS) {
      // From another one on each time, so that none is always measured after the same.
      for (const at of contenders.keys()) {
        const contender = contenders[(at + round) % contenders.length]!;
        const sample = await load(contender.name, running.get(contender)!.request, connections, { seconds: SECONDS });
        samples.set(keyOf(contender, connections), [...(samples.get(keyOf(contender, connections)) ?? []), sample]);
      }
    }
  }
} finally {
  for (const { stop } of running.values()) await stop();
  await upstream.stop();
}

interface Row extends Figures {
  readonly connections: number;
  readonly contender: string;
}

const rows: readonly Row[] = CONNECTIONS.flatMap((connections) => {
  const base = samples.get(keyOf(direct, connections))!;
  return contenders.map((contender) => ({
    connections,
    contender: contender.name,
    ...figuresOf(samples.get(keyOf(contender, connections))!, base),
  }));
});

const rate = (value: number) => Math.round(value).toLocaleString('en');
const ms = (value: number) => value.toFixed(2);
const head = ['connections', 'gateway', 'requests/s', 'p50 ms', 'p99 ms', 'added p50 ms', 'added p99 ms'];
const cells = rows.map((row) => {
  const isBase = row.contender === direct.name;
  const added = isBase ? ['-', '-'] : [ms(row.addedP50Ms), ms(row.addedP99Ms)];
  return [String(row.connections), row.contender, rate(row.requestsPerS), ms(row.p50Ms), ms(row.p99Ms), ...added];
});
if (flags.markdown) {
  console.log(`\n| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}`);
  for (const row of cells) console.log(`| ${row.join(' | ')} |`);
} else {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...cells);
  console.log(table.toString());
}
console.log(`medians of ${ROUNDS} rounds of ${SECONDS} s`);

const missed = CONNECTIONS.flatMap((connections) => {
  const of = ({ name }: Contender) => rows.find((row) => row.connections === connections && row.contender === name)!;
  const [ours, theirs] = [of(squall), of(portkey)];
  const isMissed = [
    ['requests/s', ours.requestsPerS < theirs.requestsPerS],
    ['added p50', ours.addedP50Ms > theirs.addedP50Ms],
    ['added p99', ours.addedP99Ms > theirs.addedP99Ms],
  ] as const;
  return isMissed.filter(([, missedIt]) => missedIt).map(([what]) => `${what} with ${connections} connections`);
});
console.log(
  `goal, squall with all its policies no worse than Portkey: ${missed.length === 0 ? 'met' : `MISSED in ${missed.join('; ')}`}`,
);
if (flags.json) {
  const report = { machine, seconds: SECONDS, rounds: ROUNDS, policies: POLICIES, rows };
  writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exit(0);
