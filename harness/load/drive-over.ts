import { createRandom } from '../random.ts';
import type { LoadPlan } from '../scenario/scenario.ts';
import { createAttempts } from './attempts.ts';
import { closedLoop } from './closed-loop.ts';
import { connectionsFor } from './connections.ts';
import { doorOf } from './doors/index.ts';
import type { CreateLanes } from './lane.ts';
import type { LoopOptions } from './loop.ts';
import { openLoop } from './open-loop.ts';
import type { RequestRecord } from './sample.ts';
import { shareSamples } from './sample-share.ts';
import type { Sample } from './samples.ts';
import { createCallers } from './tenants.ts';

/** What the load is told. Plain data: it crosses the worker boundary. */
export interface LoadSpec {
  /** Where the door that the plan names listens, e.g. `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly plan: LoadPlan;
  /** 0..2^32-1; decides the arrivals, and which sample each request carries. */
  readonly seed: number;
  /** Load before the measured timeline, milliseconds. */
  readonly warmupMs: number;
  /** Length of the measured timeline, milliseconds. */
  readonly durationMs: number;
  /**
   * When the measured timeline begins, by the clock `performance.timeOrigin + performance.now()`. It should be `warmupMs`
   * and a little more ahead: arrivals that are past due already are sent at once.
   */
  readonly timelineStartEpochMs: number;
}

export interface DriveOptions extends LoadSpec {
  readonly samples: readonly Sample[];
  /** Called once for each arrival, as requests end. */
  onRecord(record: RequestRecord): void;
}

/** Load under way. */
export interface Drive {
  /** All arrivals have ended, and all connections are closed. */
  readonly done: Promise<void>;
  /** Ends the load at once; requests under way get no record. */
  stop(): Promise<void>;
}

/**
 * Sends a plan's load over lanes of any kind, by the timers and the clock of this thread.
 * @throws {SquallError} `BAD_SCENARIO` for a plan that needs too many connections
 */
export const driveOver = (options: DriveOptions, createLanes: CreateLanes): Drive => {
  const { origin, plan, seed, warmupMs, durationMs, timelineStartEpochMs, samples, onRecord } = options;
  const nowMs = () => performance.timeOrigin + performance.now() - timelineStartEpochMs;
  const ended = Promise.withResolvers<void>();
  let isExhausted = false;
  const endIfOver = () => {
    if (isExhausted && attempts.underWay === 0) ended.resolve();
  };

  const callers = createCallers(plan, seed);
  const sent = plan.inputs === undefined ? samples : samples.slice(0, plan.inputs);
  const attempts = createAttempts({
    nowMs,
    timeoutMs: plan.timeoutMs,
    deadlineMs: plan.deadlineMs,
    door: doorOf(plan),
    model: plan.model,
    samples: sent,
    share: shareSamples(plan.tenants, sent.length),
    random: createRandom(seed, 'samples'),
    ...(callers.next ? { nextCaller: callers.next } : {}),
    onRecord,
    onSettled(attempt) {
      loop.onSettled(attempt);
      endIfOver();
    },
    onIdle: (lane, after) => loop.onIdle(lane, after),
  });
  const loopOptions: LoopOptions = {
    nowMs,
    begin: attempts.begin,
    onExhausted() {
      isExhausted = true;
      endIfOver();
    },
  };
  const loop =
    plan.shape.type === 'open'
      ? openLoop(callers.times(plan.shape, { warmupMs, durationMs }), loopOptions)
      : closedLoop({ startMs: -warmupMs, endMs: durationMs }, loopOptions);
  const lanes = createLanes({ origin, count: connectionsFor(plan), onIdle: attempts.onIdle });
  loop.start(lanes.lanes);

  return {
    done: ended.promise.then(lanes.stop),
    async stop() {
      loop.stop();
      attempts.drop();
      ended.resolve();
      await lanes.stop();
    },
  };
};
