/**
 * squall's load driver beside plain autocannon, in one run, at one rate, against one Node server in a process of its own:
 * once while the server answers steadily, once with a stall of a second. `npx node bench/load.ts [requests a second]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import autocannon from 'autocannon';
import Table from 'cli-table3';
import { createLatencyHistogram } from '../harness/load/histogram.ts';
import { LOAD_LEAD_MS, startLoad } from '../harness/load/start-load.ts';

const RATE_PER_S = Number(process.argv[2] ?? 200);
const DURATION_S = 10;
const SERVICE_TIME_MS = 10;
const STALL = { fromMs: 4000, toMs: 5000 };
const TIMEOUT_S = 5;
const AUTOCANNON_CONNECTIONS = 10;
/** Requests are counted by slices of this length, to see bursts. */
const SLICE_MS = 100;

/** What the server saw: when requests came, milliseconds after the first. */
type Seen = readonly number[];

/** Answers as the gateway does, after its service time, or at the end of the stall. */
const serve = () => {
  let startedMs: number | undefined;
  let hasStall = false;
  let seen: number[] = [];
  const server = createServer((request, response) => {
    startedMs ??= performance.now();
    const elapsedMs = performance.now() - startedMs;
    seen.push(elapsedMs);
    const isStalled = hasStall && elapsedMs >= STALL.fromMs && elapsedMs < STALL.toMs;
    request.resume();
    setTimeout(
      () => response.end('{"outputs":[{"name":"label","data":[4]}]}'),
      isStalled ? STALL.toMs - elapsedMs : SERVICE_TIME_MS,
    );
  });
  process.on('message', (message: { readonly hasStall: boolean } | 'report') => {
    if (message === 'report') process.send!(seen);
    else {
      startedMs = undefined;
      hasStall = message.hasStall;
      seen = [];
      process.send!('ready');
    }
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
};

interface Measured {
  readonly answers: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const squall = async (origin: string): Promise<Measured> => {
  const histogram = createLatencyHistogram();
  const stages = [{ forMs: DURATION_S * 1000, fromPerS: RATE_PER_S, toPerS: RATE_PER_S }];
  await startLoad({
    origin,
    plan: {
      door: 'rest',
      model: 'digits',
      timeoutMs: TIMEOUT_S * 1000,
      goodWithinMs: TIMEOUT_S * 1000,
      shape: { type: 'open', arrivals: 'constant', stages },
    },
    seed: 1,
    warmupMs: 0,
    durationMs: DURATION_S * 1000,
    timelineStartEpochMs: performance.timeOrigin + performance.now() + LOAD_LEAD_MS,
    onRecords(records) {
      for (const { dueMs, endMs } of records) histogram.record(endMs - dueMs);
    },
  }).done;
  return { answers: histogram.count, p50Ms: histogram.percentile(50), p99Ms: histogram.percentile(99), maxMs: histogram.max };
};

const peer = async (origin: string): Promise<Measured> => {
  const pixels = new Array<number>(64).fill(8);
  const { latency, requests } = await autocannon({
    url: `${origin}/v2/models/digits/infer`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'bench', inputs: [{ name: 'pixels', shape: [1, 64], datatype: 'FP32', data: pixels }] }),
    connections: AUTOCANNON_CONNECTIONS,
    overallRate: RATE_PER_S,
    duration: DURATION_S,
    timeout: TIMEOUT_S,
  });
  return { answers: requests.total, p50Ms: latency.p50, p99Ms: latency.p99, maxMs: latency.max };
};

/** Largest share of a second's requests that came within one tenth of it, over the whole seconds. */
const burstShare = (seen: Seen): number => {
  const slices = new Map<number, number>();
  for (const ms of seen) slices.set(Math.floor(ms / SLICE_MS), (slices.get(Math.floor(ms / SLICE_MS)) ?? 0) + 1);
  return Math.max(...slices.values()) / RATE_PER_S;
};

const bench = async () => {
  const server = fork(new URL(import.meta.url), ['serve']);
  const [port] = await once(server, 'message');
  const origin = `http://127.0.0.1:${port}`;
  const table = new Table({
    style: { head: [], border: [] },
    head: ['server', 'driver', 'sent/s', 'p50 ms', 'p99 ms', 'max ms', 'busiest 100 ms', 'CPU of one core'],
  });
  for (const hasStall of [false, true]) {
    for (const [name, run] of Object.entries({ squall, autocannon: peer })) {
      server.send({ hasStall });
      await once(server, 'message');
      const cpu = process.cpuUsage();
      const startedMs = performance.now();
      const { answers, p50Ms, p99Ms, maxMs } = await run(origin);
      const { user, system } = process.cpuUsage(cpu);
      const cpuShare = (user + system) / 1000 / (performance.now() - startedMs);
      server.send('report');
      const [seen] = (await once(server, 'message')) as [Seen];
      table.push([
        hasStall ? 'stalls for 1 s' : 'steady',
        name,
        (answers / DURATION_S).toFixed(1),
        p50Ms.toFixed(1),
        p99Ms.toFixed(1),
        maxMs.toFixed(1),
        `${(burstShare(seen) * 100).toFixed(0)}% of a second's`,
        `${(cpuShare * 100).toFixed(1)}%`,
      ]);
    }
  }
  server.disconnect();
  console.log(`${RATE_PER_S} requests/s for ${DURATION_S} s, service time ${SERVICE_TIME_MS} ms, Node ${process.version}`);
  console.log(table.toString());
};

if (process.send) serve();
else await bench();
