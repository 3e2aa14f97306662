import { createAnnounce } from '../announce.ts';
import { partHeaderOf } from '../identity/part-token.ts';
import type { NodeKind } from '../nodes/node.ts';
import { createQueueClient } from '../queue/client.ts';
import { createStack } from '../stack.ts';
import { createAnswerJob } from './answer-job.ts';
import { createWorker } from './worker.ts';

/** A call of the queue that takes longer is made again. */
const CALL_TIMEOUT_MS = 1000;

/** @see NodeKind */
export const workerNode: NodeKind = {
  kind: 'worker',
  summary: 'Takes jobs from the queue and answers them under the same policies as the gateway.',
  isService: false,
  create({ id, stack: config }, { models, fetch, onEvent, onObservation }) {
    const address = config.nodes?.find(({ kind }) => kind === 'queue');
    if (!address) throw new TypeError('The stack has no queue; a worker needs one.');
    const stack = createStack(config, { models, fetch, onEvent, ...(onObservation ? { onObservation } : {}) });
    const worker = createWorker({
      broker: createQueueClient({
        origin: address.origin,
        fetch,
        timeoutMs: CALL_TIMEOUT_MS,
        headers: { 'x-squall-node': id },
        authorization: partHeaderOf(config, fetch),
      }),
      answer: createAnswerJob(stack),
      worker: config.design.worker,
      queue: config.design.queue,
      announce: createAnnounce(onEvent),
    });
    return {
      async start() {
        await stack.start();
        worker.start();
      },
      stop() {
        worker.stop();
        stack.stop();
      },
    };
  },
};
