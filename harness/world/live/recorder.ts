import type { UsageReport } from '../../../mocks/control.ts';
import type { ProviderName } from '../../../mocks/emulator.ts';
import type { ProbeRecord } from '../../load/identity/load-identity.ts';
import type { RequestRecord } from '../../load/sample.ts';
import type { NodeRecord } from '../../serving/nodes/node.ts';
import type { OutputLine } from '../../sut/sut.ts';
import type { EndedExchange } from '../../wire/link/link-proxy.ts';
import { type CallLog, createCallLog } from '../call-log.ts';
import type { RunEnd, RunRecord, TimedNodeRecord, UsageSample } from '../world.ts';
import { createOutputLog } from './output-log.ts';
import { liveNowMs } from './timeline.ts';

/** Collects what happens in a run. Times are milliseconds after the timeline's start once that is known. */
export interface Recorder {
  /** Fixes the timeline's zero, epoch milliseconds. */
  startsAt(epochMs: number): void;
  /** Milliseconds into the timeline; 0 before its start is fixed. */
  nowMs(): number;
  event(text: string): void;
  requests(records: readonly RequestRecord[]): void;
  /** What became of requests that should get no answer. */
  probes(records: readonly ProbeRecord[]): void;
  usage(atMs: number, rows: UsageSample['rows']): void;
  /** A call of a provider's inference endpoint is over. */
  call(linkId: string, exchange: EndedExchange): void;
  /** A node of the stack has seen something. */
  nodeRecord(nodeId: string, record: NodeRecord): void;
  /** What nodes hold at the end. */
  audits(audits: Readonly<Record<string, unknown>>): void;
  connections(connections: NonNullable<RunRecord['connections']>): void;
  /** A line that the system under test printed. */
  output(line: OutputLine): void;
  /** What has been collected up to now, complete with its end. */
  record(end: RunEnd): RunRecord;
  /** Closes the file of what was printed. */
  close(): void;
}

/** A provider's meters as rows of a sample. */
export const usageRows = (provider: ProviderName, reports: readonly UsageReport[]): UsageSample['rows'] =>
  reports.map((report) => ({ ...report, provider }));

/**
 * @param redact takes secrets out of texts that processes have written
 * @param folder where what the system under test prints is kept; left out, it is not
 */
export const createRecorder = (redact: (text: string) => string, folder?: string): Recorder => {
  const startedAt = new Date().toISOString();
  let startEpochMs: number | undefined;
  const output = createOutputLog(folder);
  const events: { readonly epochMs: number; readonly text: string }[] = [];
  const usage: UsageSample[] = [];
  const probes: ProbeRecord[] = [];
  const nodeRecords: TimedNodeRecord[] = [];
  let audits: Readonly<Record<string, unknown>> | undefined;
  let connections: RunRecord['connections'];
  const batches: (readonly RequestRecord[])[] = [];
  let callLog: CallLog | undefined;

  return {
    startsAt(epochMs) {
      startEpochMs = epochMs;
    },
    nowMs: () => (startEpochMs === undefined ? 0 : liveNowMs() - startEpochMs),
    event: (text) => void events.push({ epochMs: liveNowMs(), text: redact(text) }),
    requests: (records) => void batches.push(records),
    probes: (records) => void probes.push(...records),
    usage: (atMs, rows) => void usage.push({ atMs, rows }),
    call(linkId, { startMs, endMs, status }) {
      callLog ??= createCallLog();
      callLog.add(linkId, startMs, endMs, status);
    },
    nodeRecord: (nodeId, record) =>
      void nodeRecords.push({ atMs: startEpochMs === undefined ? 0 : liveNowMs() - startEpochMs, nodeId, record }),
    output: ({ stream, text }) => output.add({ epochMs: liveNowMs(), stream, text: redact(text) }),
    audits: (held) => {
      audits = held;
    },
    connections: (made) => {
      connections = made;
    },
    record: (end) => ({
      startedAt,
      requests: batches.flat(),
      events: events.map(({ epochMs, text }) => ({ atMs: Math.round(epochMs - (startEpochMs ?? epochMs)), text })),
      usage: usage.toSorted((a, b) => a.atMs - b.atMs),
      end: 'text' in end ? { ...end, text: redact(end.text) } : end,
      ...(probes.length > 0 ? { probes } : {}),
      ...(callLog ? { calls: callLog.calls(startEpochMs ?? 0) } : {}),
      ...(audits ? { nodeRecords, audits } : {}),
      ...(connections ? { connections } : {}),
      ...output.record((epochMs) => Math.round(epochMs - (startEpochMs ?? epochMs))),
    }),
    close: output.close,
  };
};
