import { setTimeout as sleep } from 'node:timers/promises';
import {
  AckPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JsMsg,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { connect, type MsgHdrs, headers as messageHeaders, nanos } from '@nats-io/transport-node';
import type { Job, JobResult } from '../serving/queue/job.ts';
import type { Broker } from '../serving/queue/job-queue.ts';
import { createHeld } from './held.ts';
import { orUnavailable } from './unavailable.ts';

export interface NatsOptions {
  /** E.g. `127.0.0.1:4222`. */
  readonly servers: string;
  /** Streams are called by it: letters, digits, `-` and `_`. */
  readonly name: string;
  /** How long a received job is hidden: NATS has one for a consumer, whatever `receive` asks for. */
  readonly visibilityMs: number;
  readonly maxReceives: number;
}

/** A broker that has to be let go of. */
export interface NatsBroker extends Broker {
  close(): Promise<void>;
}

/** Jobs and results are kept for a day: as long, one that is sent twice is known to be. */
const MAX_AGE_MS = 24 * 3_600_000;
const POLL_MS = 50;
/** A pull of NATS waits at least a second (client 3.4.0, `expires`). */
const MIN_PULL_MS = 1000;
const ID_HEADER = 'Squall-Job-Id';
const ATTRIBUTES_HEADER = 'Squall-Attributes';

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
  const connection = await connect({ servers });
  const js = jetstream(connection);
  const jsm = await jetstreamManager(connection);
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
    max_deliver: maxReceives,
  });
  const consumer = await js.consumers.get(streams.jobs, consumerName);
  const held = createHeld<JsMsg>();

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
  const receive = async (max: number, waitMs: number) => {
    const messages = await consumer.fetch({ max_messages: max, expires: Math.max(MIN_PULL_MS, waitMs) });
    const taken: JsMsg[] = [];
    for await (const message of messages) {
      taken.push(message);
      // What is there is enough: waiting for more would take time from the lease.
      if (taken.length === max || message.info.pending === 0) break;
    }
    return taken;
  };
  /** What the advisories of the dead say of jobs, in their order. */
  const deadLetters = async (max: number) => {
    const found: { readonly seq: number; readonly job: Job; readonly receives: number; readonly reason: string }[] = [];
    for (let seq = 1; found.length < max; ) {
      const told = await jsm.direct.getMessage(streams.dead, { seq, next_by_subj: '>' }).catch(() => null);
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
        job: jobOf(job.data, job.header),
        receives: deliveries,
        reason: reason ?? 'Every lease ended without a word.',
      });
    }
    return found;
  };
  const nextResult = async (subject: string, seq: number) => {
    const message = await jsm.direct.getMessage(streams.results, { seq, next_by_subj: subject }).catch(() => null);
    return message && { cursor: message.seq, result: JSON.parse(message.string()) as JobResult };
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
        at(signal, async () =>
          (await receive(max, waitMs)).map((message) => {
            const receipt = `${message.seq}:${message.info.deliveryCount}`;
            held.add(receipt, message, visibilityMs);
            return { job: jobOf(message.data, message.headers!), receipt, receives: message.info.deliveryCount };
          }),
        ),
      extend: (lease, _visibilityMs, signal) =>
        at(signal, async () => {
          held.of(lease)?.working();
          const isHeld = held.of(lease) !== undefined;
          held.extend(lease, visibilityMs);
          return isHeld;
        }),
      complete: (lease, signal) =>
        at(signal, async () => {
          const message = held.of(lease);
          held.remove(lease);
          return message ? message.ackAck() : false;
        }),
      release: (lease, { delayMs }, signal) =>
        at(signal, async () => {
          const message = held.of(lease);
          held.remove(lease);
          message?.nak(delayMs);
          await connection.flush();
          return message !== undefined;
        }),
      bury: (lease, reason, signal) =>
        at(signal, async () => {
          const message = held.of(lease);
          held.remove(lease);
          message?.term(reason);
          await connection.flush();
          return message !== undefined;
        }),
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
      redrive: (max, signal) =>
        at(signal, async () => {
          const dead = await deadLetters(max);
          for (const { seq, job } of dead) {
            await js.publish(`${subjects.jobs}.${tokenOf(job.id)}`, job.body, { headers: headersOf(job) });
            await jsm.streams.deleteMessage(streams.dead, seq, false);
          }
          return dead.length;
        }),
    },
    stateOf: async () => undefined,
    async close() {
      await connection.close();
    },
  };
};
