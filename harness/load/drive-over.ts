import { createRandom } from '../random.ts';
import type { LoadPlan } from '../scenario/scenario.ts';
import { createAttempts } from './attempts.ts';
import { closedLoop } from './closed-loop.ts';
import { connectionsFor } from './connections.ts';
import { doorOf } from './doors/index.ts';
import { createCallerTokens } from './identity/caller-tokens.ts';
import type { LoadIdentity, ProbeRecord } from './identity/load-identity.ts';
import { createProber } from './identity/prober.ts';
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
  /** How callers make themselves known; left out: they do not. */
  readonly identity?: LoadIdentity;
}

export interface DriveOptions extends LoadSpec {
  readonly samples: readonly Sample[];
  /** Called once for each arrival, as requests end. */
  onRecord(record: RequestRecord): void;
  /** Hears what became of requests that should get no answer. */
  onProbe?(record: ProbeRecord): void;
  /** Hears of each token of a caller before it is used. */
  onSecret?(token: string): void;
  /** The callers' way to the issuer; this thread's own when left out. */
  readonly fetch?: typeof globalThis.fetch;
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
  let isStopped = false;
  const endIfOver = () => {
    if (isExhausted && attempts.underWay === 0) ended.resolve();
  };

  const { identity, onProbe, onSecret, fetch = globalThis.fetch } = options;
  const tokens = identity && createCallerTokens({ ...identity, fetch, ...(onSecret ? { onSecret } : {}) });
  const prober =
    identity &&
    tokens &&
    onProbe &&
    createProber({
      ...identity,
      origin,
      door: doorOf(plan),
      model: plan.model,
      samples,
      tokens,
      random: createRandom(seed, 'probes'),
      nowMs,
      endMs: durationMs,
      createLanes,
      onProbe,
    });

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
    ...(tokens ? { tokens } : {}),
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
  const begin = () => {
    if (isStopped) return;
    loop.start(lanes.lanes);
    prober?.start();
  };
  // Nobody calls before it has a token.
  if (tokens) void tokens.start().then(begin);
  else begin();
  const close = async () => {
    tokens?.stop();
    await Promise.all([prober?.stop(), lanes.stop()]);
  };

  return {
    done: ended.promise.then(close),
    async stop() {
      isStopped = true;
      loop.stop();
      attempts.drop();
      ended.resolve();
      await close();
    },
  };
};
