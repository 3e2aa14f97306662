import { createAnnounce } from '../announce.ts';
import { partHeaderOf } from '../identity/part-token.ts';
import type { NodeKind } from '../nodes/node.ts';
import { createStack } from '../stack.ts';
import { createAnswerJob } from '../worker/answer-job.ts';
import { createStreamClient } from './client.ts';
import { createProcessor } from './processor.ts';

/** A call of the stream that takes longer is made again. */
const CALL_TIMEOUT_MS = 1000;

/** @see NodeKind; `settings.index` is its number among the processors, from 0 */
export const processorNode: NodeKind = {
  kind: 'processor',
  summary: 'Answers the events of its partitions under the same policies as the gateway, and counts the predictions by window.',
  isService: false,
  create({ id, stack: config, settings }, { models, fetch, onEvent, onRecord, onObservation }) {
    const address = config.nodes?.find(({ kind }) => kind === 'stream');
    if (!address) throw new TypeError('The stack has no stream; a processor needs one.');
    const stack = createStack(config, { models, fetch, onEvent, ...(onObservation ? { onObservation } : {}) });
    const policy = config.design.stream;
    const processor = createProcessor({
      stream: createStreamClient({
        origin: address.origin,
        fetch,
        timeoutMs: CALL_TIMEOUT_MS,
        headers: { 'x-squall-node': id },
        authorization: partHeaderOf(config, fetch),
      }),
      answer: createAnswerJob(stack),
      policy,
      partitions: Array.from({ length: policy.partitions }, (_, partition) => partition).filter(
        (partition) => partition % policy.processors === settings.index,
      ),
      announce: createAnnounce(onEvent),
      onProgress: (progress) => onRecord({ type: 'stream-progress', ...progress }),
    });
    return {
      async start() {
        await stack.start();
        processor.start();
      },
      stop() {
        processor.stop();
        stack.stop();
      },
    };
  },
};
