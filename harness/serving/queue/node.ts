import { guardNode } from '../identity/guard-node.ts';
import type { NodeKind } from '../nodes/node.ts';
import { settle } from '../nodes/settle.ts';
import { createBrokeredQueue } from './brokered-node.ts';
import { createCallersPaths } from './callers-paths.ts';
import { poisonJob } from './poison.ts';
import type { QueueAudit } from './queue-audit.ts';
import { createQueueService } from './service.ts';
import type { QueueStore } from './store.ts';

/** A day: longer than any run. */
const RETENTION_MS = 24 * 3_600_000;
const BATCH = 1000;

const openIn = (store: QueueStore): number => {
  const { visible, delayed, leased } = store.figures(Date.now());
  return visible + delayed + leased;
};

/** @see QueueAudit */
export const auditOf = (store: QueueStore, maxReceives: number): QueueAudit => {
  const nowMs = Date.now();
  store.buryExhausted(maxReceives, nowMs);
  const answers: Record<string, number> = {};
  for (let cursor = 0, results = store.resultsAfter(0, BATCH); results.length > 0; results = store.resultsAfter(cursor, BATCH)) {
    for (const { cursor: place, result } of results) {
      answers[result.jobId] = (answers[result.jobId] ?? 0) + 1;
      cursor = place;
    }
  }
  const deadLetters = store.deadLetters(store.figures(nowMs).dead).map(({ job }) => job.id);
  return { type: 'queue', answers, deadLetters, open: openIn(store) };
};

/** @see NodeKind */
export const queueNode: NodeKind = {
  kind: 'queue',
  summary: 'Keeps jobs and their results, so that what was accepted outlives it.',
  isService: true,
  create(config, dependencies) {
    const { broker, maxReceives: limit, maxDepth, deadLetters } = config.stack.design.queue;
    const maxReceives = deadLetters ? limit : Number.POSITIVE_INFINITY;
    if (broker !== 'sqlite') return createBrokeredQueue(broker, config, dependencies, maxReceives);
    const store = dependencies.stores.queue();
    const service = createQueueService(store, { maxReceives, maxDepth, retentionMs: RETENTION_MS });
    let injected = 0;
    return {
      fetch: guardNode(service.fetch, config, dependencies.fetch, createCallersPaths('/jobs')),
      start: async () => service.start(),
      stop: service.stop,
      async command({ type, jobs }) {
        if (type !== 'poison' || typeof jobs !== 'number') throw new TypeError(`A queue knows no command ${type}.`);
        const nowMs = Date.now();
        for (let index = 0; index < jobs; index += 1) {
          store.send(poisonJob(`${nowMs}-${injected}`), nowMs);
          injected += 1;
        }
        service.wake();
      },
      async audit() {
        await settle(() => openIn(store));
        return auditOf(store, maxReceives);
      },
    };
  },
};
