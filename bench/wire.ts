/**
 * squall's TCP proxy beside Toxiproxy and no proxy at all, before one upstream, in one run:
 *
 *     npx node bench/wire.ts [seconds a measurement, default 3] [rounds, default 5]
 *
 * Needs Go, which builds Toxiproxy into a folder for temporary files; wrk and nginx are used where they are installed, else autocannon and a
 * Node server. All processes may use all cores. Goal: at least Toxiproxy's figure in every row.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { medianOf } from './agreement/figures.ts';
import { describeMachine, machineLine } from './machine/describe.ts';
import { BenchProblem, sayProblems } from './problem.ts';
import { clientName, download, loadHttp, openAndClose, openIdle } from './wire/load.ts';
import { type Running, residentMiB } from './wire/processes.ts';
import { type Contender, contenders } from './wire/proxies.ts';
import { startUpstream } from './wire/upstream.ts';

sayProblems();
const SECONDS = Number(process.argv[2] ?? 3);
const ROUNDS = Number(process.argv[3] ?? 5);
if (!(SECONDS >= 1 && ROUNDS >= 1)) throw new BenchProblem('bench/wire: seconds and rounds must be numbers of at least 1.');
const CONNECTIONS = [1, 64, 512];
const IDLE = 5000;
const WARMUP_S = 1;
/** Until what opening the connections has left behind is collected, where it is. */
const SETTLE_MS = 2000;

type Figures = ReadonlyMap<string, number>;

/** Rows whose figure is the better the smaller it is. */
const isCost = (row: string): boolean => !row.endsWith('/s');
const MEMORY_ROW = `MiB more with ${IDLE.toLocaleString('en')} idle connections`;

const measureFlow = async (port: number): Promise<Figures> => {
  const figures = new Map<string, number>();
  for (const connections of CONNECTIONS) {
    await loadHttp(port, connections, WARMUP_S);
    const { requestsPerS, p99Ms } = await loadHttp(port, connections, SECONDS);
    figures.set(`${connections} connections, requests/s`, requestsPerS);
    figures.set(`${connections} connections, p99 ms`, p99Ms);
  }
  figures.set('bulk, MB/s', await download(port, SECONDS));
  figures.set('new connections/s', await openAndClose(port, SECONDS));
  return figures;
};

const measureMemory = async ({ port, pid }: Running): Promise<number> => {
  await loadHttp(port, 64, WARMUP_S);
  await sleep(SETTLE_MS);
  const before = residentMiB(pid);
  const closeAll = await openIdle(port, IDLE);
  await sleep(SETTLE_MS);
  const growth = residentMiB(pid) - before;
  closeAll();
  return growth;
};

const measure = async ({ start }: Contender): Promise<Figures> => {
  if (!start) return await measureFlow(upstream.port);
  const proxy = await start(upstream.port);
  try {
    const figures = await measureFlow(proxy.port);
    await proxy.stop();
    // A process that has carried load has memory to spare.
    const fresh = await start(upstream.port);
    const growth = await measureMemory(fresh).finally(fresh.stop);
    return new Map([...figures, [MEMORY_ROW, growth]]);
  } finally {
    await proxy.stop();
  }
};

console.log(machineLine(describeMachine()));
const upstream = await startUpstream();
const rounds = new Map<Contender, Figures[]>(contenders.map((contender) => [contender, []]));
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const contender of contenders) rounds.get(contender)!.push(await measure(contender));
  }
} finally {
  await upstream.stop();
}

const medianIn = (contender: Contender, row: string): number | undefined => {
  const own = rounds.get(contender)!.flatMap((figures) => figures.get(row) ?? []);
  return own.length > 0 ? medianOf(own) : undefined;
};
const shown = (value: number | undefined): string => {
  if (value === undefined) return '-';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);
};
const [toxiproxy, squall] = contenders as readonly [Contender, Contender];
const table = new Table({
  head: ['', ...contenders.map(({ name }) => name), 'goal'],
  style: { head: [], border: [] },
});
const missed: string[] = [];
for (const row of rounds.get(squall)![0]!.keys()) {
  const [theirs, ours] = [medianIn(toxiproxy, row)!, medianIn(squall, row)!];
  const isMet = isCost(row) ? ours <= theirs : ours >= theirs;
  if (!isMet) missed.push(row);
  table.push([row, ...contenders.map((contender) => shown(medianIn(contender, row))), isMet ? 'met' : 'MISSED']);
}
console.log(table.toString());
console.log(`medians of ${ROUNDS} rounds of ${SECONDS} s; upstream ${upstream.name}, client ${clientName}`);
console.log(`goal, at least Toxiproxy's figure in every row: ${missed.length === 0 ? 'met' : `MISSED in ${missed.join('; ')}`}`);
process.exit(0);
