import type { UsageReport } from '../../mocks/control.ts';
import type { ProviderName } from '../../mocks/emulator.ts';
import type { ProbeRecord } from '../load/identity/load-identity.ts';
import type { RequestRecord } from '../load/sample.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Design } from '../serving/config.ts';
import type { NodeRecord } from '../serving/nodes/node.ts';
import type { PlannedContainer } from '../topology/container-placements.ts';
import type { Link } from '../topology/link.ts';
import type { PlannedNode } from '../topology/node-placements.ts';
import type { ConnectionCount } from '../wire/link/link-proxy.ts';
import type { CallRecord } from './call-log.ts';

/** What a world is asked to carry out: everything is decided, nothing is looked up later. */
export interface RunPlan {
  readonly scenario: Scenario;
  readonly designName: string;
  readonly design: Design;
  /** Seeds arrivals, samples and fault draws. 0..2^32-1. */
  readonly seed: number;
  /** Every link of the topology, in its order. */
  readonly links: readonly Link[];
  /** Nodes of the stack beside the gateway; left out: there are none. */
  readonly nodes?: readonly PlannedNode[];
  /** Real dependencies of the system under test; left out: there are none. */
  readonly containers?: readonly PlannedContainer[];
  /** Port that the system under test listens on in live; absent takes a free one. */
  readonly gatewayPort?: number;
  /** Live: port of the first link, the next ones follow; absent takes free ones. */
  readonly firstLinkPort?: number;
  /** What is tested in place of the reference stack, as a report names it; absent: that stack, in the design. */
  readonly sut?: string;
}

/** What a world tells while it runs. */
export interface RunHooks {
  /** Records as they end, in batches of a second or less: for the progress line. Times as in RequestRecord. */
  onRecords?(records: readonly RequestRecord[], nowMs: number): void;
  /** Ends the run early: the world cleans up and returns with `end.type` `interrupted`. */
  readonly signal?: AbortSignal;
  /** Folder that the run may leave files in, such as what the system under test printed; made when the first is written. Left out: it leaves none. */
  readonly folder?: string;
}

/** What happened in a run, before anyone judges it. Contains no secrets. */
export interface RunRecord {
  /** ISO 8601; in sim the virtual date. */
  readonly startedAt: string;
  /** Warm-up included (negative due times). */
  readonly requests: readonly RequestRecord[];
  readonly events: readonly RunEvent[];
  /** Cumulative usage of every provider at time 0, at the start and end of each fault, and at the end. */
  readonly usage: readonly UsageSample[];
  readonly end: RunEnd;
  /** Calls of the providers' inference endpoints; absent where the scenario has no recorded curves to lay them beside. */
  readonly calls?: readonly CallRecord[];
  /** What nodes of the stack have seen, in order of time; left out: there are no nodes. */
  readonly nodeRecords?: readonly TimedNodeRecord[];
  /** What nodes held when the run ended, by the id of their link; those that were down have none. */
  readonly audits?: Readonly<Record<string, unknown>>;
  /** Connections to links, by their ids, warm-up included; those of protocols of their own are not in it. */
  readonly connections?: Readonly<Record<string, ConnectionCount>>;
  /** What became of requests that should get no answer, in order of their end; absent where none were made. */
  readonly probes?: readonly ProbeRecord[];
  /** What the system under test printed; absent where nobody listened. */
  readonly output?: SutOutput;
}

/** What a system under test printed. Contains no secrets that the harness minted. */
export interface SutOutput {
  /** Where all of it is; null where no folder was given, or nothing came. */
  readonly file: string | null;
  /** In order of time; the oldest are missing where there were too many. */
  readonly lines: readonly { readonly atMs: number; readonly stream: 'out' | 'err'; readonly text: string }[];
  readonly lineCount: number;
}

export interface TimedNodeRecord {
  /** Milliseconds after the measured timeline began. */
  readonly atMs: number;
  /** Id of the node's link. */
  readonly nodeId: string;
  readonly record: NodeRecord;
}

export interface RunEvent {
  /** Milliseconds after the measured timeline began. */
  readonly atMs: number;
  readonly text: string;
}

export interface UsageSample {
  readonly atMs: number;
  readonly rows: readonly (UsageReport & { readonly provider: ProviderName })[];
}

export type RunEnd =
  | { readonly type: 'completed' }
  | { readonly type: 'interrupted'; readonly atMs: number }
  /** The system under test went away by itself: judged as a failure of the design, unless it was in baseline. */
  | { readonly type: 'sut-exited'; readonly atMs: number; readonly text: string }
  /** A stop condition of the scenario held: judged as a failure of the design, unless it was in baseline. */
  | { readonly type: 'aborted'; readonly atMs: number; readonly text: string }
  /** A part of the harness broke (an emulator died): nothing can be judged. */
  | { readonly type: 'broken'; readonly atMs: number; readonly text: string };

/** Where a scenario runs. */
export interface World {
  readonly name: 'live' | 'sim';
  /**
   * Runs the plan from start to clean-up; leaves nothing behind, whatever ends it.
   * @throws {SquallError} when the run cannot start: `PORT_IN_USE`, `EMULATOR_FAILED`, `GATEWAY_FAILED`, `UNSUPPORTED`
   */
  run(plan: RunPlan, hooks: RunHooks): Promise<RunRecord>;
}
