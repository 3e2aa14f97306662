import type { NodeKind } from '../nodes/node.ts';
import type { QueueAudit } from '../queue/node.ts';
import type { LogStore } from './log-store.ts';
import { createStreamService } from './service.ts';
import { readState } from './windows.ts';

/** A consumer may have its answer before the processor's commit is through: it gets this long for that. */
const SETTLE_MS = 1000;
const SETTLE_STEP_MS = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** What a stream holds when the run ends, for the verdict: answers as a queue has them, and what its windows have counted. */
export interface StreamAudit extends QueueAudit {
  readonly stream: {
    /** Events whose work is committed. */
    readonly done: number;
    /** Events in windows, complete or open. */
    readonly counted: number;
    /** Events that came too late for theirs. */
    readonly late: number;
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** @see StreamAudit */
export const auditOf = (store: LogStore, partitions: number): StreamAudit => {
  const stands = Array.from({ length: partitions }, (_, partition) => store.committed(partition));
  const states = stands.map(({ state }) => readState(state));
  return {
    type: 'queue',
    answers: store.answers(),
    deadLetters: [],
    open: sum(stands.map(({ head, offset }) => head - offset)),
    stream: {
      done: sum(stands.map(({ offset }) => offset)),
      counted: sum(store.windows().map(({ count }) => count)) + sum(states.flatMap(({ open }) => open.map(({ count }) => count))),
      late: sum(states.map(({ late }) => late)),
    },
  };
};

/** @see NodeKind */
export const streamNode: NodeKind = {
  kind: 'stream',
  summary: 'Keeps the events of a stream in order, and what was made of them.',
  isService: true,
  create({ stack }, { stores }) {
    const store = stores.log();
    const { partitions } = stack.design.stream;
    const service = createStreamService(store, partitions);
    return {
      fetch: service.fetch,
      start: async () => undefined,
      stop: service.stop,
      async audit() {
        for (let waitedMs = 0; waitedMs < SETTLE_MS && auditOf(store, partitions).open > 0; waitedMs += SETTLE_STEP_MS) {
          await pause(SETTLE_STEP_MS);
        }
        return auditOf(store, partitions);
      },
    };
  },
};
