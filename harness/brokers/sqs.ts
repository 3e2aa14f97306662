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
import type { Job } from '../serving/queue/job.ts';
import type { Broker, ResultStore } from '../serving/queue/job-queue.ts';
import { createHeld } from './held.ts';
import { orUnavailable } from './unavailable.ts';

export interface SqsOptions {
  /** Where SQS is reached, e.g. `http://127.0.0.1:4566`; AWS's own place of the region when absent. */
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The queue is called that, and that of its dead letters `<name>-dead`. */
  readonly name: string;
  readonly maxReceives: number;
  /** SQS keeps messages, not results. */
  readonly results: ResultStore;
}

/** A broker that has to be let go of. */
export interface SqsBroker extends Broker {
  close(): void;
}

/** SQS gives at most ten messages at once, waits for at most 20 s, and hides for at most twelve hours (API reference; read November 2026). */
const MAX_MESSAGES = 10;
const MAX_WAIT_S = 20;
const MAX_VISIBILITY_S = 12 * 3600;
/** Dead letters are looked at by receiving them, which hides them: this long. */
const LOOK_S = 1;

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

/**
 * Amazon SQS as a broker: a standard queue, with a redrive policy to a queue of dead letters. It does not know a job that is sent twice, nor
 * one whose lease is over: that each job has one answer is up to the store of results.
 */
export const connectSqs = async (options: SqsOptions): Promise<SqsBroker> => {
  const { endpoint, region, credentials, name, maxReceives, results } = options;
  const client = new SQSClient({ region, credentials, ...(endpoint === undefined ? {} : { endpoint }), maxAttempts: 1 });
  const make = async (queueName: string, attributes: Record<string, string> = {}): Promise<string> =>
    (await client.send(new CreateQueueCommand({ QueueName: queueName, Attributes: attributes }))).QueueUrl!;
  const deadUrl = await make(`${name}-dead`);
  const arnOf = await client.send(new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ['QueueArn'] }));
  const policy = { deadLetterTargetArn: arnOf.Attributes!.QueueArn, maxReceiveCount: maxReceives };
  const url = await make(name, { RedrivePolicy: JSON.stringify(policy) });
  const held = createHeld<string>();

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
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle: handle, VisibilityTimeout: seconds }),
    );
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
  /** What is done with a lease that is not over. */
  const toHeld = (receipt: { readonly receipt: string }, signal: AbortSignal, act: (handle: string) => Promise<void>) =>
    at(signal, async () => {
      const handle = held.of(receipt);
      if (handle === undefined) return false;
      await act(handle);
      return true;
    });

  return {
    queue: {
      send: (job, signal) =>
        at(signal, async () => {
          await send(url, job, signal);
          return 'accepted' as const;
        }),
      receive: ({ max, visibilityMs, waitMs }, signal) =>
        at(signal, async () => {
          const messages = await take(url, max, secondsOf(visibilityMs, MAX_VISIBILITY_S), waitMs, signal);
          return messages.map((message) => {
            held.add(message.ReceiptHandle!, message.ReceiptHandle!, visibilityMs);
            return { job: jobOf(message), receipt: message.ReceiptHandle!, receives: receivesOf(message) };
          });
        }),
      extend: (lease, visibilityMs, signal) =>
        toHeld(lease, signal, async (handle) => {
          await hide(url, handle, secondsOf(visibilityMs, MAX_VISIBILITY_S));
          held.extend(lease, visibilityMs);
        }),
      complete: (lease, signal) =>
        toHeld(lease, signal, async (handle) => {
          await remove(url, handle);
          held.remove(lease);
        }),
      release: (lease, { delayMs }, signal) =>
        toHeld(lease, signal, async (handle) => {
          await hide(url, handle, secondsOf(delayMs, MAX_VISIBILITY_S));
          held.remove(lease);
        }),
      bury: (lease, reason, signal) =>
        toHeld(lease, signal, async (handle) => {
          await send(deadUrl, lease.job, signal, reason);
          await remove(url, handle);
          held.remove(lease);
        }),
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
            reason: message.MessageAttributes?.reason?.StringValue ?? 'Every lease ended without a word.',
          }));
        }),
      redrive: (max, signal) =>
        at(signal, async () => {
          const found = await takeDead(max, signal);
          for (const message of found) {
            await send(url, jobOf(message), signal);
            await remove(deadUrl, message.ReceiptHandle!);
          }
          return found.length;
        }),
    },
    stateOf: async () => undefined,
    close: () => client.destroy(),
  };
};
