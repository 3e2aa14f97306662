import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Job, Lease } from '../serving/queue/job.ts';
import type { ResultStore } from '../serving/queue/job-queue.ts';
import { EXHAUSTED } from '../serving/queue/store.ts';
import { createHeld } from './held.ts';
import type { Connected } from './lazy.ts';
import type { JobLedger } from './ledger.ts';
import { orUnavailable } from './unavailable.ts';

export interface SqsOptions {
  /** Where SQS is reached, e.g. `http://127.0.0.1:4566`; AWS's own place of the region when absent. */
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The queue is called that, and that of its dead letters `<name>-dead`. */
  readonly name: string;
  /** Infinity puts jobs back for ever. */
  readonly maxReceives: number;
  /** SQS keeps messages, not results. */
  readonly results: ResultStore;
  /** Nor does it say where a message is, or whether it was sent before. */
  readonly ledger: JobLedger;
}

/** A broker that has to be let go of. */
export interface SqsBroker extends Connected {
  close(): void;
}

/** SQS gives at most ten messages at once, waits for at most 20 s, and hides for at most twelve hours (API reference; read November 2026). */
const MAX_MESSAGES = 10;
const MAX_WAIT_S = 20;
const MAX_VISIBILITY_S = 12 * 3600;
const CONNECT_WITHIN_MS = 2000;
/** Longer than the longest wait for messages. */
const ANSWER_WITHIN_MS = 25_000;
/** Dead letters are looked at by receiving them, which hides them: this long. */
const LOOK_S = 10;

/** SQS counts in whole seconds. */
const secondsOf = (ms: number, most: number): number => Math.min(most, Math.ceil(ms / 1000));

const attribute = (value: string) => ({ DataType: 'String', StringValue: value });

/** The id and all attributes in one: SQS takes ten attributes a message at most. */
const attributesOf = ({ id, attributes }: Job, reason?: string) => ({
  id: attribute(id),
  attributes: attribute(JSON.stringify(attributes)),
  ...(reason === undefined ? {} : { reason: attribute(reason) }),
});

const jobOf = ({ Body: body = '', MessageAttributes: { id, attributes } = {} }: Message): Job => ({
  id: id?.StringValue ?? '',
  body,
  attributes: JSON.parse(attributes?.StringValue ?? '{}') as Job['attributes'],
});

const receivesOf = ({ Attributes: { ApproximateReceiveCount: count = '1' } = {} }: Message): number => Number(count);

/** What SQS says of a receipt that stands for nothing any more, or never did (API reference, ChangeMessageVisibility and DeleteMessage). */
const isOver = (error: unknown): boolean =>
  error instanceof Error && ['MessageNotInflight', 'ReceiptHandleIsInvalid'].includes(error.name);

/**
 * Amazon SQS as a broker: a standard queue, with a redrive policy to a queue of dead letters. It does not know a job that is sent twice, nor
 * one whose lease is over: a ledger says so, and where a death between the two leaves a gap, the store of results gives each job one answer.
 */
export const connectSqs = async (options: SqsOptions): Promise<SqsBroker> => {
  const { endpoint, region, credentials, name, maxReceives, results, ledger } = options;
  const client = new SQSClient({
    region,
    credentials,
    // The address of a queue names a host of AWS's; where an endpoint is given, that is the way.
    ...(endpoint === undefined ? {} : { endpoint, useQueueUrlAsEndpoint: false }),
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, requestTimeout: ANSWER_WITHIN_MS, throwOnRequestTimeout: true },
  });
  const make = async (queueName: string, attributes: Record<string, string> = {}): Promise<string> =>
    (await client.send(new CreateQueueCommand({ QueueName: queueName, Attributes: attributes }))).QueueUrl!;
  const deadUrl = await make(`${name}-dead`);
  const arnOf = await client.send(new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ['QueueArn'] }));
  const policy = { deadLetterTargetArn: arnOf.Attributes!.QueueArn, maxReceiveCount: maxReceives };
  const url = await make(name, Number.isFinite(maxReceives) ? { RedrivePolicy: JSON.stringify(policy) } : {});
  const held = createHeld();

  const at = <Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> => {
    signal.throwIfAborted();
    return orUnavailable('SQS', work(), signal);
  };
  const send = (queueUrl: string, job: Job, abortSignal: AbortSignal, reason?: string) =>
    client.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: job.body, MessageAttributes: attributesOf(job, reason) }),
      { abortSignal },
    );
  const take = async (queueUrl: string, max: number, visibilityS: number, waitMs: number, abortSignal: AbortSignal) => {
    const ask = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: Math.min(MAX_MESSAGES, max),
      VisibilityTimeout: visibilityS,
      WaitTimeSeconds: secondsOf(waitMs, MAX_WAIT_S),
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    return (await client.send(ask, { abortSignal })).Messages ?? [];
  };
  const hide = async (queueUrl: string, handle: string, seconds: number): Promise<void> => {
    const change = { QueueUrl: queueUrl, ReceiptHandle: handle, VisibilityTimeout: seconds };
    await client.send(new ChangeMessageVisibilityCommand(change));
  };
  const remove = async (queueUrl: string, handle: string): Promise<void> => {
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
  };
  const counts = async (queueUrl: string) => {
    const names = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesDelayed',
      'ApproximateNumberOfMessagesNotVisible',
    ] as const;
    const { Attributes: counted = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] }),
    );
    const [visible, delayed, leased] = names.map((count) => Number(counted[count] ?? 0));
    return { visible: visible!, delayed: delayed!, leased: leased! };
  };
  /** Those that can be had now, in hands for a moment. */
  const takeDead = async (max: number, signal: AbortSignal): Promise<readonly Message[]> => {
    const found: Message[] = [];
    while (found.length < max) {
      const more = await take(deadUrl, max - found.length, LOOK_S, 0, signal);
      if (more.length === 0) break;
      found.push(...more);
    }
    return found;
  };
  /** What is done with a lease that is not over. @returns false when it is */
  const toHeld = ({ receipt }: Pick<Lease, 'receipt'>, signal: AbortSignal, act: () => Promise<void>): Promise<boolean> =>
    at(signal, async () => {
      if (!held.has(receipt)) return false;
      try {
        await act();
        return true;
      } catch (error) {
        if (isOver(error)) return false;
        throw error;
      }
    });
  const bury = async ({ job, receipt, receives }: Lease, reason: string, signal: AbortSignal): Promise<void> => {
    await send(deadUrl, job, signal, reason);
    await remove(url, receipt);
    held.end(receipt);
    ledger.dead(job.id, receives, reason);
  };

  return {
    queue: {
      send: (job, signal) =>
        at(signal, async () => {
          if (ledger.knows(job.id)) return 'known';
          await send(url, job, signal);
          ledger.sent(job.id);
          return 'accepted';
        }),
      receive: ({ max, visibilityMs, waitMs }, signal) =>
        at(signal, async () => {
          const visibilityS = secondsOf(visibilityMs, MAX_VISIBILITY_S);
          const messages = await take(url, max, visibilityS, waitMs, signal);
          return messages.map((message) => {
            const lease = { job: jobOf(message), receipt: message.ReceiptHandle!, receives: receivesOf(message) };
            held.add(lease.receipt, visibilityMs);
            ledger.received(lease.job.id, lease.receives, lease.receipt, Date.now() + visibilityS * 1000);
            return lease;
          });
        }),
      extend: (lease, visibilityMs, signal) =>
        toHeld(lease, signal, async () => {
          const visibilityS = secondsOf(visibilityMs, MAX_VISIBILITY_S);
          await hide(url, lease.receipt, visibilityS);
          held.extend(lease.receipt, visibilityMs);
          ledger.extended(lease.receipt, Date.now() + visibilityS * 1000);
        }),
      complete: (lease, signal) =>
        toHeld(lease, signal, async () => {
          await remove(url, lease.receipt);
          held.end(lease.receipt);
          ledger.done(lease.receipt);
        }),
      release: (lease, { delayMs, reason }, signal) =>
        toHeld(lease, signal, async () => {
          if (lease.receives >= maxReceives) return bury(lease, reason, signal);
          await hide(url, lease.receipt, secondsOf(delayMs, MAX_VISIBILITY_S));
          held.end(lease.receipt);
          ledger.extended(lease.receipt, 0);
        }),
      bury: (lease, reason, signal) => toHeld(lease, signal, () => bury(lease, reason, signal)),
      figures: (signal) =>
        at(signal, async () => {
          const dead = await counts(deadUrl);
          return { ...(await counts(url)), dead: dead.visible + dead.leased, oldestAgeMs: 0 };
        }),
    },
    results,
    deadLetters: {
      list: (max, signal) =>
        at(signal, async () => {
          const found = await takeDead(max, signal);
          await Promise.all(found.map(({ ReceiptHandle: handle }) => hide(deadUrl, handle!, 0)));
          return found.map((message) => ({
            job: jobOf(message),
            receives: receivesOf(message),
            reason: message.MessageAttributes?.reason?.StringValue ?? EXHAUSTED,
          }));
        }),
      redrive: (max, signal, only) =>
        at(signal, async () => {
          const found = await takeDead(max, signal);
          const isWanted = (message: Message) => only?.includes(jobOf(message).id) ?? true;
          for (const message of found.filter(isWanted)) {
            const job = jobOf(message);
            await send(url, job, signal);
            await remove(deadUrl, message.ReceiptHandle!);
            ledger.sent(job.id);
          }
          const others = found.filter((message) => !isWanted(message));
          await Promise.all(others.map(({ ReceiptHandle: handle }) => hide(deadUrl, handle!, 0)));
          return found.length - others.length;
        }),
    },
    stateOf: async (jobId) => ledger.stateOf(jobId, maxReceives, Date.now()),
    close: () => client.destroy(),
  };
};
