import { guardNode } from '../identity/guard-node.ts';
import type { NodeConfig, NodeDependencies, NodeInstance } from '../nodes/node.ts';
import { createBrokeredService } from './brokered-service.ts';
import { createCallersPaths } from './callers-paths.ts';
import type { Broker, BrokerSettings } from './job-queue.ts';
import { poisonJob } from './poison.ts';
import type { QueueAudit } from './queue-audit.ts';

const PAGE = 100;
const MAX_DEAD = 10_000;
/** A broker that is not there when the queue starts is waited for so long: the queue starts without it, and answers 503 until it is there. */
const CONNECT_WITHIN_MS = 10_000;
/** What a worker has just said may still be on its way, and what the broker forgot in its death is delivered again. */
const SETTLE_MS = 3000;
const STEP_MS = 100;

const openIn = async (broker: Broker, signal: AbortSignal): Promise<number> => {
  const { visible, delayed, leased } = await broker.queue.figures(signal);
  return visible + delayed + leased;
};

/** What a broker holds, as it says itself. */
export const auditBroker = async (broker: Broker, signal: AbortSignal): Promise<QueueAudit> => {
  let open = await openIn(broker, signal);
  for (const endsAtMs = performance.now() + SETTLE_MS; open > 0 && performance.now() < endsAtMs; ) {
    await new Promise((resolve) => void setTimeout(resolve, STEP_MS));
    open = await openIn(broker, signal);
  }
  const answers: Record<string, number> = {};
  for (let cursor = 0; ; ) {
    const page = await broker.results.read(cursor, PAGE, 0, signal);
    for (const { cursor: place, result } of page) {
      answers[result.jobId] = (answers[result.jobId] ?? 0) + 1;
      cursor = place;
    }
    if (page.length === 0) break;
  }
  const dead = await broker.deadLetters.list(MAX_DEAD, signal);
  return { type: 'queue', answers, deadLetters: [...new Set(dead.map(({ job: { id } }) => id))], open };
};

/** The queue before a broker of somebody else's: it keeps nothing itself, so that its own death costs no more than the time. */
export const createBrokeredQueue = (
  kind: BrokerSettings['kind'],
  config: NodeConfig,
  { connectBroker, fetch }: NodeDependencies,
  maxReceives: number,
): NodeInstance => {
  const { region, stack } = config;
  const address = stack.nodes?.find((node) => node.kind === `broker-${kind}` && node.region === region);
  if (!connectBroker || !address) throw new TypeError(`The stack has no broker ${kind}; its queue needs one.`);
  const { visibilityMs, maxDepth } = stack.design.queue;
  const broker = connectBroker({ kind, origin: address.origin, name: 'squall', visibilityMs, maxReceives });
  const service = createBrokeredService(broker, { maxReceives, maxDepth });
  const { signal } = new AbortController();
  let injected = 0;
  return {
    fetch: guardNode(service.fetch, config, fetch, createCallersPaths('/jobs')),
    async start() {
      await broker.queue.figures(AbortSignal.timeout(CONNECT_WITHIN_MS)).catch(() => undefined);
    },
    stop() {
      service.stop();
      broker.close();
    },
    async command({ type, jobs }) {
      if (type !== 'poison' || typeof jobs !== 'number') throw new TypeError(`A queue knows no command ${type}.`);
      const mark = Date.now();
      for (let index = 0; index < jobs; index += 1) {
        await broker.queue.send(poisonJob(`${mark}-${injected}`), signal);
        injected += 1;
      }
    },
    audit: () => auditBroker(broker, signal),
  };
};
