import { guardNode } from '../identity/guard-node.ts';
import type { NodeKind } from '../nodes/node.ts';
import { settle } from '../nodes/settle.ts';
import { createCallersPaths } from '../queue/callers-paths.ts';
import type { QueueAudit } from '../queue/queue-audit.ts';
import type { LogStore } from './log-store.ts';
import { createStreamService } from './service.ts';
import { readState } from './windows.ts';

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

const standsOf = (store: LogStore, partitions: number) =>
  Array.from({ length: partitions }, (_, partition) => store.committed(partition));

const openIn = (store: LogStore, partitions: number): number =>
  sum(standsOf(store, partitions).map(({ head, offset }) => head - offset));

/** @see StreamAudit */
export const auditOf = (store: LogStore, partitions: number): StreamAudit => {
  const stands = standsOf(store, partitions);
  const states = stands.map(({ state }) => readState(state));
  return {
    type: 'queue',
    answers: store.answers(),
    deadLetters: [],
    open: openIn(store, partitions),
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
  create(config, { stores, fetch }) {
    const { stack } = config;
    const store = stores.log();
    const { partitions } = stack.design.stream;
    const service = createStreamService(store, partitions);
    return {
      fetch: guardNode(service.fetch, config, fetch, createCallersPaths('/events')),
      start: async () => undefined,
      stop: service.stop,
      async audit() {
        await settle(() => openIn(store, partitions));
        return auditOf(store, partitions);
      },
    };
  },
};
