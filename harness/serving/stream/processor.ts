import { sleep } from '../abort.ts';
import type { Announce } from '../announce.ts';
import type { Design } from '../config.ts';
import { createConnections } from '../connections.ts';
import { Cancelled, messageOf } from '../errors.ts';
import type { JobResult } from '../queue/job.ts';
import { createPauses } from '../queue/persist.ts';
import type { AnswerJob } from '../worker/answer-job.ts';
import type { StreamClient } from './client.ts';
import type { Commit, Committed, LoggedEvent, StreamEvent } from './event.ts';
import { type Counted, countInto, readState, type WindowState, writeState } from './windows.ts';

/** What a processor tells of each batch. */
export interface Progress {
  readonly partition: number;
  /** Events of the partition that are not done. */
  readonly backlog: number;
  /** From when the newest event of the batch happened until it was done, milliseconds. */
  readonly lagMs: number;
  /** From the watermark to now, milliseconds: how old what the windows tell is. */
  readonly watermarkLagMs: number;
}

export interface ProcessorOptions {
  readonly stream: StreamClient;
  readonly answer: AnswerJob;
  readonly policy: Design['stream'];
  /** Those that are this processor's. */
  readonly partitions: readonly number[];
  readonly announce: Announce;
  readonly onProgress: (progress: Progress) => void;
}

export interface Processor {
  start(): void;
  /** Ends at once: what is not committed is done again by whoever comes after. */
  stop(): void;
}

/** One wait for events. */
const READ_WAIT_MS = 2000;
const MAX_RETRY_DELAY_MS = 5000;
/** No try can help: an answer says so. */
const HTTP_BAD_REQUEST = 400;

const labelIn = ({ status, body }: JobResult): number | null => {
  if (status !== 200) return null;
  const { outputs } = JSON.parse(body) as { outputs: readonly { name: string; data: readonly number[] }[] };
  return outputs.find(({ name }) => name === 'label')?.data[0] ?? null;
};

/**
 * Reads its partitions, answers their events, and commits results, counts and place together: whatever dies when, each event is answered
 * and counted once. It reads no more of a partition before what it has is done, so that a stack that is slow makes the log long, and
 * nothing else.
 */
export const createProcessor = ({ stream, answer, policy, partitions, announce, onProgress }: ProcessorOptions): Processor => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const calls = createConnections({ max: policy.maxInFlight });

  /** Tries until there is an answer: an event is never left out. */
  const answerEvent = async ({ id, body, attributes }: StreamEvent): Promise<JobResult> => {
    for (let delayMs = policy.retryDelayMs; ; delayMs = Math.min(MAX_RETRY_DELAY_MS, delayMs * 2)) {
      signal.throwIfAborted();
      const outcome = await calls.run(() => answer({ id, body, attributes }, signal), signal);
      if (outcome.type === 'answered') return outcome.result;
      if (outcome.type === 'poison') {
        return { jobId: id, status: HTTP_BAD_REQUEST, headers: {}, body: JSON.stringify({ error: outcome.reason }) };
      }
      announce.spell('event failed', `an event waits for another try: ${outcome.reason}`);
      await sleep(delayMs, signal);
    }
  };

  /** Until the stream has taken it. @returns what it says */
  const persist = async <Result>(call: (during: AbortSignal) => Promise<Result>): Promise<Result> => {
    const pauses = createPauses();
    for (;;) {
      signal.throwIfAborted();
      try {
        const result = await call(signal);
        announce.well('stream', 'the stream is back');
        return result;
      } catch (error) {
        signal.throwIfAborted();
        announce.trouble('stream', `the stream cannot be had: ${messageOf(error)}`);
        await sleep(pauses.nextMs(), signal);
      }
    }
  };

  const finish = async (
    events: readonly LoggedEvent[],
    before: WindowState,
    commit: (done: Omit<Commit, 'partition' | 'from' | 'to' | 'isFenced'>) => Promise<boolean>,
  ): Promise<WindowState | null> => {
    const isBefore = policy.commit === 'before';
    if (isBefore && !(await commit({ results: [], windows: [], state: writeState(before) }))) return null;
    const results = await Promise.all(events.map(({ event }) => answerEvent(event)));
    const counted = results.map(
      (result, at): Counted => ({ eventTimeMs: events[at]!.event.eventTimeMs, label: labelIn(result) }),
    );
    const { complete, state } = countInto(before, counted, policy);
    if (policy.commit !== 'together') await persist((during) => stream.addResults(results, during));
    const kept = { results: policy.commit === 'together' ? results : [], windows: complete, state: writeState(state) };
    if (!isBefore && !(await commit(kept))) return null;
    return state;
  };

  /** @returns when another processor has overtaken this one */
  const follow = async (partition: number, stand: Committed): Promise<void> => {
    let { offset } = stand;
    let state: WindowState = readState(stand.state);
    while (!signal.aborted) {
      const ask = { partition, from: offset, max: policy.batch, waitMs: READ_WAIT_MS };
      const { events, head } = await persist((during) => stream.read(ask, during));
      if (events.length === 0) continue;
      const from = offset;
      const to = offset + events.length;
      const commit = (done: Omit<Commit, 'partition' | 'from' | 'to' | 'isFenced'>) =>
        persist((during) => stream.commit({ partition, from, to, isFenced: policy.fencing, ...done }, during));
      const next = await finish(events, state, commit);
      if (next === null) return;
      onProgress({
        partition,
        backlog: head - to,
        lagMs: Date.now() - events.at(-1)!.event.eventTimeMs,
        watermarkLagMs: Date.now() - next.watermarkMs,
      });
      state = next;
      offset = to;
    }
  };

  const keepFollowing = async (partition: number): Promise<void> => {
    while (!signal.aborted) {
      await follow(partition, await persist((during) => stream.committed(partition, during)));
      announce.note(`overtaken ${partition}`, `partition ${partition} was taken on by another processor`);
    }
  };

  return {
    start() {
      for (const partition of partitions) keepFollowing(partition).catch(() => undefined);
    },
    stop: () => stopping.abort(new Cancelled('stopped')),
  };
};
