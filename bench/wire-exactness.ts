/**
 * How exact toxics are, by what the kernel saw pass on loopback, not by a clock of squall's or of a client:
 *
 *     npx node bench/wire-exactness.ts [seconds of latency, default 10]
 *
 * Needs tcpdump and root. Goals: 50 ms are 50 ms within 1 ms at p99 at 1,000 messages/s, bandwidth is within 3 % over 5 s, a reset is a
 * RST, an end a FIN, and a black hole sends nothing.
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { describeMachine, machineLine } from './machine/describe.ts';
import { BenchProblem, sayProblems } from './problem.ts';
import { capture, type Segment } from './wire/capture.ts';
import { BULK, END, startEcho } from './wire/echo.ts';
import { HOST } from './wire/processes.ts';
import { startSquall } from './wire/proxies.ts';
import type { ToxicMessage } from './wire/squall-proxy.ts';
import { startToxiproxy, TOXIPROXY_VERSION, type Toxiproxy } from './wire/toxiproxy.ts';

sayProblems();
const SECONDS = Number(process.argv[2] ?? 10);
if (!(SECONDS >= 1)) throw new BenchProblem('bench/wire-exactness: seconds must be a number of at least 1.');
const RATE_PER_S = 1000;
const CONNECTIONS = 100;
const LATENCY_MS = 50;
const WITHIN_MS = 1;
const BANDWIDTH = { kbPerS: 1000, forS: 5, within: 0.03 };
const MESSAGE_BYTES = 16;
const SETTLE_MS = 500;

interface Proxy {
  readonly name: string;
  readonly port: number;
  set(toxic: ToxicMessage): Promise<void>;
  stop(): Promise<void>;
}

const upstream = await startEcho();
const squall = { name: 'squall', ...(await startSquall(upstream.port)) };
const toxiproxy: Toxiproxy = await startToxiproxy(upstream.port);
const proxies: readonly Proxy[] = [{ name: `Toxiproxy ${TOXIPROXY_VERSION}`, ...toxiproxy }, squall];

const dial = async (port: number): Promise<Socket> => {
  const socket = connect({ host: HOST, port, noDelay: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket.resume();
};

/** Sends numbered messages at an even rate, one connection after the other. */
const sendEvenly = async (port: number): Promise<void> => {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => dial(port)));
  const startedMs = performance.now();
  for (let sent = 0; sent < RATE_PER_S * SECONDS; ) {
    const due = Math.floor(((performance.now() - startedMs) / 1000) * RATE_PER_S);
    for (; sent <= due; sent += 1) sockets[sent % CONNECTIONS]!.write(String(sent).padStart(MESSAGE_BYTES, '0'));
    await sleep(1);
  }
  await sleep(SETTLE_MS);
  for (const socket of sockets) socket.destroy();
};

/** When each message left this port, by its number. */
const departures = (segments: readonly Segment[], port: number): Map<string, number> => {
  const times = new Map<string, number>();
  for (const { from, payload, atMs } of segments) {
    if (from !== port) continue;
    const text = payload.toString('latin1');
    for (let at = 0; at + MESSAGE_BYTES <= text.length; at += MESSAGE_BYTES) times.set(text.slice(at, at + MESSAGE_BYTES), atMs);
  }
  return times;
};

/** What the proxy took from the upstream's segment to its own, for each message, sorted, milliseconds. */
const delays = async ({ port }: Proxy): Promise<number[]> => {
  const segments = await capture([port, upstream.port], () => sendEvenly(port));
  const came = departures(segments, upstream.port);
  const went = departures(segments, port);
  const found = [...went].flatMap(([number, atMs]) => (came.has(number) ? [atMs - came.get(number)!] : []));
  if (found.length < RATE_PER_S * SECONDS * 0.99)
    throw new BenchProblem(`Only ${found.length} messages were seen on both sides.`);
  return found.sort((a, b) => a - b);
};

const at = (sorted: readonly number[], percent: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)]!;
const ms = (value: number) => value.toFixed(2);

console.log(machineLine(describeMachine()));
const table = new Table({
  head: ['latency toxic', 'proxy', 'least ms', 'p50 ms', 'p99 ms', 'most ms', 'off by at p99, ms'],
  style: { head: [], border: [] },
});
const goals = new Map<string, boolean>();
for (const proxy of proxies) {
  let ownMs = 0;
  for (const latency of [0, LATENCY_MS]) {
    await proxy.set(latency > 0 ? { type: 'latency', stream: 'downstream', attributes: { latency } } : null);
    const sorted = await delays(proxy);
    if (latency === 0) ownMs = at(sorted, 50);
    // What the proxy takes without the toxic is not the toxic's.
    const offBy = at(
      sorted.map((one) => Math.abs(one - ownMs - latency)).sort((a, b) => a - b),
      99,
    );
    const row = [at(sorted, 0.01), at(sorted, 50), at(sorted, 99), sorted.at(-1)!, offBy].map(ms);
    table.push([latency > 0 ? `${latency} ms` : 'none', proxy.name, ...row]);
    if (latency > 0 && proxy === squall) goals.set(`${LATENCY_MS} ms within ${WITHIN_MS} ms at p99`, offBy <= WITHIN_MS);
  }
}
console.log(table.toString());
console.log(`${RATE_PER_S} messages/s for ${SECONDS} s over ${CONNECTIONS} connections, times of the kernel's capture`);

/** Segments that squall's proxy sent to a caller that has said something. */
const answersUnder = async (toxic: ToxicMessage, said: string, forMs: number): Promise<Segment[]> => {
  await squall.set(toxic);
  const segments = await capture([squall.port], async () => {
    const socket = await dial(squall.port);
    socket.write(said);
    await sleep(forMs);
    socket.destroy();
    await sleep(100);
  });
  const leftAtMs =
    segments.find(({ to, flags }) => to === squall.port && (flags.fin || flags.rst))?.atMs ?? Number.POSITIVE_INFINITY;
  return segments.filter(({ from, atMs, flags }) => from === squall.port && atMs <= leftAtMs && !flags.syn);
};

const paced = await answersUnder(
  { type: 'bandwidth', stream: 'downstream', attributes: { rate: BANDWIDTH.kbPerS } },
  BULK,
  (BANDWIDTH.forS + 0.5) * 1000,
);
const talk = paced.filter(({ bytes }) => bytes > 0);
const untilMs = (talk[0]?.atMs ?? 0) + BANDWIDTH.forS * 1000;
const kbPerS = talk.reduce((sum, { atMs, bytes }) => sum + (atMs <= untilMs ? bytes : 0), 0) / 1000 / BANDWIDTH.forS;
console.log(`bandwidth of ${BANDWIDTH.kbPerS} KB/s over ${BANDWIDTH.forS} s: ${kbPerS.toFixed(1)} KB/s`);
goals.set('bandwidth within 3 %', Math.abs(kbPerS / BANDWIDTH.kbPerS - 1) <= BANDWIDTH.within);

const reset = await answersUnder({ type: 'reset_peer', stream: 'downstream', attributes: { timeout: 0 } }, 'x', 300);
goals.set('a reset is a RST, and no FIN', reset.some(({ flags }) => flags.rst) && !reset.some(({ flags }) => flags.fin));
const ended = await answersUnder(null, END, 300);
goals.set('an end is a FIN, and no RST', ended.some(({ flags }) => flags.fin) && !ended.some(({ flags }) => flags.rst));
const swallowed = await answersUnder({ type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } }, 'x', 1000);
goals.set(
  'a black hole sends nothing',
  swallowed.length > 0 && swallowed.every(({ bytes, flags }) => bytes === 0 && !flags.fin && !flags.rst),
);
for (const [goal, isMet] of goals) console.log(`goal, ${goal}: ${isMet ? 'met' : 'MISSED'}`);
for (const { stop } of [...proxies, upstream]) await stop();
process.exit(0);
