import { setTimeout as sleep } from 'node:timers/promises';
import {
  AckPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import {
  connect,
  type Msg,
  type MsgHdrs,
  headers as messageHeaders,
  type NatsConnection,
  nanos,
  TimeoutError,
} from '@nats-io/transport-node';
import type { Job, JobResult, JobState } from '../serving/queue/job.ts';
import { EXHAUSTED } from '../serving/queue/store.ts';
import { createHeld } from './held.ts';
import type { Connected } from './lazy.ts';
import { pullOnce } from './nats-pull.ts';
import { orUnavailable } from './unavailable.ts';

export interface NatsOptions {
  /** E.g. `127.0.0.1:4222`. */
  readonly servers: string;
  /** Streams are called by it: letters, digits, `-` and `_`. */
  readonly name: string;
  /** How long a received job is hidden: NATS has one for a consumer, whatever `receive` asks for. */
  readonly visibilityMs: number;
  /** Infinity puts jobs back for ever. */
  readonly maxReceives: number;
}

/** A broker that has to be let go of. */
export interface NatsBroker extends Connected {
  close(): Promise<void>;
}

/** Jobs and results are kept for a day: as long, one that is sent twice is known to be. */
const MAX_AGE_MS = 24 * 3_600_000;
const POLL_MS = 50;
/** The server is asked again after it when it has not answered. */
const ANSWER_WITHIN_MS = 1000;
/** What has just been sent is not there at once for whoever does not wait at all (server 2.15.1, seen on a busy machine). */
const LOOK_MS = 100;
/** So soon it answers for a delivery, if it does. */
const HEARD_WITHIN_MS = 400;
/** Before a connection that was lost is tried again. */
const RECONNECT_AFTER_MS = 100;
const MAX_DEAD = 10_000;
const MAX_DELIVERIES = 10_000;
const ID_HEADER = 'Squall-Job-Id';
const ATTRIBUTES_HEADER = 'Squall-Attributes';

/**
 * A delivery is answered by a message to its own subject, whoever sends it: that subject is the receipt, and outlives this process.
 * `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>`, with a domain and an account before the stream where
 * there are such. The words are `+ACK`, `-NAK {"delay": <ns>}`, `+WPI` (work goes on) and `+TERM <reason>`.
 *
 * Source: client 3.4.0, lib/jsmsg.js; docs.nats.io, JetStream wire API; read November 2026.
 */
const deliveryOf = (receipt: string): { readonly receives: number; readonly seq: number } => {
  const tokens = receipt.split('.');
  const [receives, seq] = (tokens.length > 9 ? tokens.slice(6) : tokens.slice(4)).map(Number);
  return { receives: receives!, seq: seq! };
};

/** An id as one token of a subject, which may have no dots, spaces or wildcards. */
const tokenOf = (id: string): string => Buffer.from(id).toString('base64url');

const jobOf = (data: Uint8Array, header: MsgHdrs): Job => ({
  id: header.get(ID_HEADER),
  body: new TextDecoder().decode(data),
  attributes: JSON.parse(header.get(ATTRIBUTES_HEADER)) as Job['attributes'],
});

/** The server's word that a message of that subject is there already. */
const isKnown = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence;

/**
 * NATS JetStream as a broker.
 * - Jobs are a stream with one subject a job: `Nats-Expected-Last-Subject-Sequence: 0` lets the server refuse a second.
 * - Workers share a durable pull consumer with explicit acknowledgement; its `ack_wait` is the visibility, its `max_deliver` the limit.
 * - Dead letters are the server's own advisories of messages that were delivered too often or terminated, kept in a stream.
 * - Results are a stream with one subject a job, too, so that the first result stands.
 *
 * Source: docs.nats.io, JetStream: streams, consumers, headers, advisories; read November 2026.
 */
export const connectNats = async ({ servers, name, visibilityMs, maxReceives }: NatsOptions): Promise<NatsBroker> => {
  const connection = await connect({
    servers,
    timeout: ANSWER_WITHIN_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_AFTER_MS,
  });
  try {
    return await openBroker(connection, { name, visibilityMs, maxReceives });
  } catch (error) {
    await connection.close();
    throw error;
  }
};

const openBroker = async (
  connection: NatsConnection,
  { name, visibilityMs, maxReceives }: Omit<NatsOptions, 'servers'>,
): Promise<NatsBroker> => {
  const js = jetstream(connection, { timeout: ANSWER_WITHIN_MS });
  const jsm = await jetstreamManager(connection, { timeout: ANSWER_WITHIN_MS });
  const streams = { jobs: `${name}-jobs`, results: `${name}-results`, dead: `${name}-dead` };
  const subjects = { jobs: `${name}.jobs`, results: `${name}.results` };
  const consumerName = 'workers';
  const advisory = (kind: string) => `$JS.EVENT.ADVISORY.CONSUMER.${kind}.${streams.jobs}.${consumerName}`;
  const common = { storage: StorageType.File, retention: RetentionPolicy.Limits, max_age: nanos(MAX_AGE_MS), allow_direct: true };
  await jsm.streams.add({ ...common, name: streams.jobs, subjects: [`${subjects.jobs}.*`] });
  await jsm.streams.add({ ...common, name: streams.results, subjects: [`${subjects.results}.*`] });
  await jsm.streams.add({ ...common, name: streams.dead, subjects: [advisory('MAX_DELIVERIES'), advisory('MSG_TERMINATED')] });
  await jsm.consumers.add(streams.jobs, {
    durable_name: consumerName,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(visibilityMs),
    max_deliver: Number.isFinite(maxReceives) ? maxReceives : -1,
  });
  const held = createHeld();
  /** The last delivery of each job that this process has had, by its place in the stream. */
  const deliveries = new Map<number, string>();

  const at = <Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> => {
    signal.throwIfAborted();
    return orUnavailable('NATS', work(), signal);
  };
  const publishOnce = async (subject: string, data: string, headers?: MsgHdrs): Promise<boolean> => {
    try {
      await js.publish(subject, data, { expect: { lastSubjectSequence: 0 }, ...(headers ? { headers } : {}) });
      return true;
    } catch (error) {
      if (isKnown(error)) return false;
      throw error;
    }
  };
  const headersOf = ({ id, attributes }: Job): MsgHdrs => {
    const made = messageHeaders();
    made.set(ID_HEADER, id);
    made.set(ATTRIBUTES_HEADER, JSON.stringify(attributes));
    return made;
  };
  const pull = (max: number, waitMs: number, signal: AbortSignal) =>
    pullOnce(connection, { stream: streams.jobs, consumer: consumerName, max, waitMs }, signal);
  const receive = async (max: number, waitMs: number, signal: AbortSignal): Promise<readonly Msg[]> => {
    const there = await pull(max, 0, signal);
    if (there.length > 0) return there;
    const first = await pull(1, Math.max(LOOK_MS, waitMs), signal);
    if (first.length === 0 || max === 1) return first;
    return [...first, ...(await pull(max - 1, 0, signal))];
  };
  const toLease = (message: Msg) => {
    const receipt = message.reply!;
    const { receives, seq } = deliveryOf(receipt);
    held.add(receipt, visibilityMs);
    const [oldest] = deliveries.keys();
    if (deliveries.size >= MAX_DELIVERIES && oldest !== undefined) deliveries.delete(oldest);
    deliveries.set(seq, receipt);
    return { job: jobOf(message.data, message.headers!), receipt, receives };
  };
  /** @returns whether the server has answered */
  const isHeard = async (receipt: string, word: string): Promise<boolean> => {
    try {
      await connection.request(receipt, word, { timeout: HEARD_WITHIN_MS });
      return true;
    } catch (error) {
      if (error instanceof TimeoutError) return false;
      throw error;
    }
  };
  /**
   * The last word on a lease that goes on.
   * @returns false when it is over: a server that was killed has forgotten deliveries of its last moments, and does not answer for them; it
   * delivers those jobs again
   */
  const endWith = async (receipt: string, word: string): Promise<boolean> => {
    if (!held.has(receipt)) return false;
    let isEnded = await isHeard(receipt, word);
    if (!isEnded) {
      // Rejects when it is the server that cannot be had.
      await jsm.consumers.info(streams.jobs, consumerName);
      isEnded = await isHeard(receipt, word);
    }
    held.end(receipt);
    return isEnded;
  };
  /** What the advisories of the dead say of jobs, in their order. */
  const deadLetters = async (max: number) => {
    const found: {
      readonly seq: number;
      readonly jobSeq: number;
      readonly job: Job;
      readonly receives: number;
      readonly reason: string;
    }[] = [];
    for (let seq = 1; found.length < max; ) {
      const told = await jsm.direct.getMessage(streams.dead, { seq, next_by_subj: '>' });
      if (!told) break;
      seq = told.seq + 1;
      const { stream_seq, deliveries, reason } = JSON.parse(told.string()) as {
        stream_seq: number;
        deliveries: number;
        reason?: string;
      };
      const job = await jsm.direct.getMessage(streams.jobs, { seq: stream_seq });
      if (!job) continue;
      found.push({
        seq: told.seq,
        jobSeq: stream_seq,
        job: jobOf(job.data, job.header),
        receives: deliveries,
        reason: reason ?? EXHAUSTED,
      });
    }
    return found;
  };
  const nextResult = async (subject: string, seq: number) => {
    const message = await jsm.direct.getMessage(streams.results, { seq, next_by_subj: subject });
    return message && { cursor: message.seq, result: JSON.parse(message.string()) as JobResult };
  };
  /** Where a job is, as far as the server can tell: it says of a consumer how far it is, not which of its messages are in hands. */
  const stateOf = async (jobId: string): Promise<JobState | undefined> => {
    const token = tokenOf(jobId);
    const job = await jsm.direct.getMessage(streams.jobs, { last_by_subj: `${subjects.jobs}.${token}` });
    if (!job) return undefined;
    if (await nextResult(`${subjects.results}.${token}`, 1)) return { type: 'done' };
    const { delivered, ack_floor: floor } = await jsm.consumers.info(streams.jobs, consumerName);
    if (delivered.stream_seq < job.seq) return { type: 'queued', receives: 0 };
    const receipt = deliveries.get(job.seq);
    const receives = receipt === undefined ? 1 : deliveryOf(receipt).receives;
    if (receipt !== undefined && held.has(receipt)) return { type: 'leased', receives };
    const dead = (await deadLetters(MAX_DEAD)).find(({ jobSeq }) => jobSeq === job.seq);
    if (dead) return { type: 'dead', receives: dead.receives, reason: dead.reason };
    return floor.stream_seq >= job.seq ? { type: 'done' } : { type: 'queued', receives };
  };
  /** Looks again and again until there is something, or the time is over. */
  const until = async <Seen>(waitMs: number, signal: AbortSignal, look: () => Promise<Seen | undefined>) => {
    for (const endsAtMs = performance.now() + waitMs; ; ) {
      const seen = await at(signal, look);
      if (seen !== undefined || performance.now() >= endsAtMs) return seen;
      await sleep(POLL_MS, undefined, { signal });
    }
  };

  return {
    queue: {
      send: (job, signal) =>
        at(signal, async () => {
          const isNew = await publishOnce(`${subjects.jobs}.${tokenOf(job.id)}`, job.body, headersOf(job));
          return isNew ? 'accepted' : 'known';
        }),
      receive: ({ max, waitMs }, signal) =>
        at(signal, async () => {
          const messages = await receive(max, waitMs, signal);
          // Whoever asked has gone: the next one need not wait until the lease is over.
          if (!signal.aborted) return messages.map(toLease);
          for (const { reply } of messages) connection.publish(reply!, '-NAK');
          return [];
        }),
      extend: ({ receipt }, _visibilityMs, signal) =>
        at(signal, async () => {
          if (!held.has(receipt)) return false;
          await connection.request(receipt, '+WPI', { timeout: ANSWER_WITHIN_MS });
          held.extend(receipt, visibilityMs);
          return true;
        }),
      complete: ({ receipt }, signal) => at(signal, () => endWith(receipt, '+ACK')),
      release: ({ receipt }, { delayMs, reason }, signal) =>
        at(signal, () =>
          deliveryOf(receipt).receives >= maxReceives
            ? endWith(receipt, `+TERM ${reason}`)
            : endWith(receipt, `-NAK ${JSON.stringify({ delay: nanos(delayMs) })}`),
        ),
      bury: ({ receipt }, reason, signal) => at(signal, () => endWith(receipt, `+TERM ${reason}`)),
      figures: (signal) =>
        at(signal, async () => {
          const { num_pending: visible, num_ack_pending: leased } = await jsm.consumers.info(streams.jobs, consumerName);
          const { state } = await jsm.streams.info(streams.dead);
          return { visible, delayed: 0, leased, dead: state.messages, oldestAgeMs: 0 };
        }),
    },
    results: {
      put: (result, signal) =>
        at(signal, async () => {
          const isNew = await publishOnce(`${subjects.results}.${tokenOf(result.jobId)}`, JSON.stringify(result));
          return isNew ? 'stored' : 'known';
        }),
      append: (result, signal) =>
        at(signal, async () => {
          await js.publish(`${subjects.results}.${tokenOf(result.jobId)}`, JSON.stringify(result));
        }),
      get: (jobId, waitMs, signal) =>
        until(waitMs, signal, async () => (await nextResult(`${subjects.results}.${tokenOf(jobId)}`, 1))?.result),
      read: async (cursor, max, waitMs, signal) => {
        const read = async () => {
          const results = [];
          for (let seq = cursor + 1; results.length < max; ) {
            const next = await nextResult(`${subjects.results}.*`, seq);
            if (!next) break;
            results.push(next);
            seq = next.cursor + 1;
          }
          return results.length > 0 ? results : undefined;
        };
        return (await until(waitMs, signal, read)) ?? [];
      },
    },
    deadLetters: {
      list: (max, signal) =>
        at(signal, async () => (await deadLetters(max)).map(({ job, receives, reason }) => ({ job, receives, reason }))),
      redrive: (max, signal, only) =>
        at(signal, async () => {
          const dead = (await deadLetters(max)).filter(({ job }) => only?.includes(job.id) ?? true);
          for (const { seq, job } of dead) {
            await js.publish(`${subjects.jobs}.${tokenOf(job.id)}`, job.body, { headers: headersOf(job) });
            await jsm.streams.deleteMessage(streams.dead, seq, false);
          }
          return dead.length;
        }),
    },
    stateOf: (jobId, signal) => at(signal, () => stateOf(jobId)),
    async close() {
      await connection.close();
    },
  };
};
