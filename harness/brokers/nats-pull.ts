import { createInbox, type Msg, type NatsConnection, nanos } from '@nats-io/transport-node';
import { BrokerUnavailable } from '../serving/queue/job-queue.ts';

export interface NatsPull {
  readonly stream: string;
  readonly consumer: string;
  readonly max: number;
  /** 0 takes what is there. */
  readonly waitMs: number;
}

/** The server says that a pull is over in time; when it does not answer at all, this much later it is over too. */
const GRACE_MS = 500;
const NO_RESPONDERS = 503;

/**
 * One pull of a consumer, by the protocol itself: the client's own calls wait for a second at least, and hold back what has come until as
 * many have come as were asked for.
 *
 * Source: docs.nats.io, JetStream wire API, "Pull consumers": `batch`, `no_wait`, `expires`, status messages; read November 2026.
 * @throws {BrokerUnavailable} when JetStream does not answer
 */
export const pullOnce = async (
  connection: NatsConnection,
  { stream, consumer, max, waitMs }: NatsPull,
  signal: AbortSignal,
): Promise<readonly Msg[]> => {
  const inbox = createInbox();
  const answers = connection.subscribe(inbox);
  const end = () => answers.unsubscribe();
  const timer = setTimeout(end, waitMs + GRACE_MS);
  signal.addEventListener('abort', end);
  const taken: Msg[] = [];
  let isAnswered = false;
  try {
    const ask = waitMs > 0 ? { batch: max, expires: nanos(waitMs) } : { batch: max, no_wait: true };
    connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify(ask), { reply: inbox });
    for await (const message of answers) {
      isAnswered = true;
      // What is no job says why no more will come.
      const status = message.headers?.code ?? 0;
      if (status === NO_RESPONDERS) throw new BrokerUnavailable('NATS: JetStream does not answer.');
      if (status > 0) break;
      taken.push(message);
      if (taken.length === max) break;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    end();
  }
  if (!isAnswered && !signal.aborted) throw new BrokerUnavailable('NATS does not answer.');
  return taken;
};
