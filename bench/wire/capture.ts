import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BenchProblem } from '../problem.ts';
import { stopper, which } from './processes.ts';

/** A TCP segment as the kernel saw it pass. */
export interface Segment {
  /** Of the kernel's clock, milliseconds. */
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  readonly flags: { readonly fin: boolean; readonly rst: boolean; readonly syn: boolean };
  /** Of the payload, all of it. */
  readonly bytes: number;
  /** What of it the capture keeps. */
  readonly payload: Buffer;
}

const NANOSECOND_MAGIC = 0xa1b23c4d;
const FILE_HEADER = 24;
const PACKET_HEADER = 16;
const ETHERNET_HEADER = 14;
/** Ethernet, IP and TCP headers, and the first bytes of a payload. */
const SNAPSHOT = 128;

const parse = (file: Buffer): Segment[] => {
  if (file.readUInt32LE(0) !== NANOSECOND_MAGIC)
    throw new BenchProblem('tcpdump wrote no little-endian capture with nanoseconds.');
  const segments: Segment[] = [];
  for (let at = FILE_HEADER; at + PACKET_HEADER <= file.length; ) {
    const atMs = file.readUInt32LE(at) * 1000 + file.readUInt32LE(at + 4) / 1e6;
    const kept = file.readUInt32LE(at + 8);
    const ip = file.subarray(at + PACKET_HEADER + ETHERNET_HEADER, at + PACKET_HEADER + kept);
    at += PACKET_HEADER + kept;
    const ipHeader = (ip[0]! & 15) * 4;
    const tcp = ip.subarray(ipHeader);
    const tcpHeader = (tcp[12]! >> 4) * 4;
    const bits = tcp[13]!;
    segments.push({
      atMs,
      from: tcp.readUInt16BE(0),
      to: tcp.readUInt16BE(2),
      flags: { fin: (bits & 1) > 0, syn: (bits & 2) > 0, rst: (bits & 4) > 0 },
      bytes: ip.readUInt16BE(2) - ipHeader - tcpHeader,
      payload: tcp.subarray(tcpHeader),
    });
  }
  return segments;
};

/**
 * All TCP segments of these ports on loopback, while something is done.
 * @throws {BenchProblem} without tcpdump, or without the right to capture
 */
export const capture = async (ports: readonly number[], act: () => Promise<void>): Promise<Segment[]> => {
  const tcpdump = which('tcpdump');
  if (!tcpdump)
    throw new BenchProblem('bench/wire-exactness needs tcpdump: install it (Debian, Ubuntu: apt-get install tcpdump).');
  const filter = `ip and tcp and (${ports.map((port) => `port ${port}`).join(' or ')})`;
  const flags = [
    '-i',
    'lo',
    '-w',
    '-',
    '-U',
    '--immediate-mode',
    '-s',
    String(SNAPSHOT),
    '-B',
    '65536',
    '--time-stamp-precision=nano',
    filter,
  ];
  const child = spawn(tcpdump, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = stopper(child, 'SIGINT');
  const chunks: Buffer[] = [];
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  while (!said.includes('listening on')) {
    await Promise.race([once(child.stderr, 'data'), once(child, 'exit')]);
    if (child.exitCode !== null) throw new BenchProblem(`tcpdump can't capture on loopback, which needs root: ${said.trim()}`);
  }
  try {
    await act();
  } finally {
    const isRead = once(child, 'close');
    await stop();
    await isRead;
  }
  if (!/\b0 packets dropped by kernel/.test(said)) throw new BenchProblem(`The capture has holes: ${said.trim()}`);
  return parse(Buffer.concat(chunks));
};
