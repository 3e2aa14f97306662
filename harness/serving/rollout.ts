import type { Prediction } from '../../mocks/models/runtime.ts';
import { openScope, sleep, untilAborted } from './abort.ts';
import type { Announce } from './announce.ts';
import type { Rows } from './clients/access.ts';
import type { Design } from './config.ts';
import { Cancelled, LinkError, messageOf } from './errors.ts';

/** A sample whose answer is known. */
export interface LabelledRow {
  readonly row: readonly number[];
  readonly label: number;
}

/** Which version of the model an attempt is for, and how a new one fares. */
export interface Rollout {
  /** For the next attempt: whether it is the new version's. */
  takesCandidate(): boolean;
  /** How an attempt ended. @param error null for a prediction */
  record(isCandidate: boolean, elapsedMs: number, error: unknown): void;
  /** Begins the release when its time has come. @param probe predicts with the new version, on a link that is usable */
  start(probe: (rows: Rows, signal: AbortSignal) => Promise<readonly Prediction[]>): void;
}

/** Versions as answers call them. */
export const CANDIDATE_VERSION = '2';

interface Seen {
  readonly atMs: number;
  readonly elapsedMs: number;
  readonly isFailure: boolean;
}

/** What a window has held at most: a busy stack judges by its latest attempts. */
const MAX_SEEN = 2000;
/** Labelled samples of one try. */
const PROBE_ROWS = 16;
const PROBE_TIMEOUT_MS = 3000;

/** Tells nothing of the version: the caller went, another attempt was faster, or the provider would not let it in. */
const isSilent = (error: unknown): boolean =>
  error instanceof Cancelled
    ? error.cancelledBy !== 'overtaken' && error.cancelledBy !== 'deadline'
    : error instanceof LinkError && (error.kind === 'credential' || error.kind === 'overloaded' || error.kind === 'rejected');

const createWindow = (windowMs: number) => {
  let seen: Seen[] = [];
  return {
    add(one: Seen) {
      seen.push(one);
      if (seen.length > MAX_SEEN) seen = seen.slice(-MAX_SEEN / 2);
    },
    /** Attempts of the window, the share that failed, and the mean latency of the others; null without them. */
    summary() {
      const sinceMs = performance.now() - windowMs;
      const recent = seen.filter(({ atMs }) => atMs >= sinceMs);
      const good = recent.filter(({ isFailure }) => !isFailure);
      const sumMs = good.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
      return {
        attempts: recent.length,
        failureShare: recent.length === 0 ? 0 : 1 - good.length / recent.length,
        meanMs: good.length === 0 ? null : sumMs / good.length,
      };
    },
  };
};

const percent = (part: number): string => `${Math.round(part * 1000) / 10} %`;

/**
 * A release in steps. Every look compares the new version with the one that serves, over the same window and the same links; labelled
 * samples tell what neither errors nor latency do. What is taken back stays back.
 * @param samples labelled, for accuracy; none judges no accuracy
 * @param stopped ends it
 */
export const createRollout = (
  policy: Design['rollout'],
  samples: readonly LabelledRow[],
  announce: Announce,
  stopped: AbortSignal,
): Rollout => {
  if (policy === false) return { takesCandidate: () => false, record: () => undefined, start: () => undefined };
  const { strategy, rollback, stepMs } = policy;
  const current = createWindow(policy.windowMs);
  const candidate = createWindow(policy.windowMs);
  let shareOfCandidate = 0;
  let isOver = false;
  let tried = { right: 0, of: 0 };

  const takeBack = (why: string) => {
    isOver = true;
    shareOfCandidate = 0;
    announce.trouble('rollout', `version ${CANDIDATE_VERSION} taken back: ${why}`);
  };

  /** What is wrong with the new version; undefined when nothing is known to be. */
  const complaint = (): string | undefined => {
    const its = candidate.summary();
    const others = current.summary();
    if (its.attempts >= policy.minAttempts && its.failureShare > policy.maxFailureShare) {
      return `${percent(its.failureShare)} of its attempts failed, ${percent(policy.maxFailureShare)} are allowed`;
    }
    if (its.attempts >= policy.minAttempts && its.meanMs !== null && others.meanMs !== null) {
      if (its.meanMs > others.meanMs * policy.maxSlowdown) {
        return `it takes ${Math.round(its.meanMs)} ms where the other takes ${Math.round(others.meanMs)} ms`;
      }
    }
    if (tried.of >= PROBE_ROWS && tried.right / tried.of < policy.minAccuracy) {
      return `${percent(tried.right / tried.of)} of labelled samples right, ${percent(policy.minAccuracy)} are asked for`;
    }
    return undefined;
  };

  const look = () => {
    const why = rollback && !isOver ? complaint() : undefined;
    if (why !== undefined) takeBack(why);
  };

  const record = (isCandidate: boolean, elapsedMs: number, error: unknown) => {
    if (error !== null && isSilent(error)) return;
    (isCandidate ? candidate : current).add({ atMs: performance.now(), elapsedMs, isFailure: error !== null });
    if (isCandidate && error !== null) look();
  };

  const tryOnce = async (probe: Parameters<Rollout['start']>[0], turn: number) => {
    const chosen = Array.from({ length: PROBE_ROWS }, (_, at) => samples[(turn * PROBE_ROWS + at) % samples.length]!);
    const startedAtMs = performance.now();
    const reason = () => new LinkError('timeout', `No answer in ${PROBE_TIMEOUT_MS} ms.`);
    const scope = openScope(stopped, { ms: PROBE_TIMEOUT_MS, reason });
    try {
      const rows = chosen.map(({ row }) => row);
      const predictions = await untilAborted(probe(rows, scope.signal), scope.signal);
      record(true, performance.now() - startedAtMs, null);
      const right = chosen.filter(({ label }, at) => predictions[at]?.label === label).length;
      // The last few tries count: a version does not change, a link may.
      tried = { right: tried.right * 0.5 + right, of: tried.of * 0.5 + PROBE_ROWS };
    } catch (error) {
      if (stopped.aborted) return;
      record(true, performance.now() - startedAtMs, error);
      announce.note('rollout probe', `labelled samples not answered by version ${CANDIDATE_VERSION}: ${messageOf(error)}`);
    } finally {
      scope.close();
    }
  };

  const keepTrying = async (probe: Parameters<Rollout['start']>[0]) => {
    for (let turn = 0; !stopped.aborted && !isOver; turn += 1) {
      await tryOnce(probe, turn);
      look();
      await sleep(policy.probeIntervalMs, stopped);
    }
  };

  const steps = (): readonly number[] => {
    if (strategy === 'blue-green') return [0, 1];
    const shares: number[] = [];
    for (let next = policy.share; next < 1; next *= 2) shares.push(next);
    return [...shares, 1];
  };

  const release = async (probe: Parameters<Rollout['start']>[0]) => {
    await sleep(policy.startAfterMs, stopped);
    if (rollback && samples.length > 0) keepTrying(probe).catch(() => undefined);
    for (const share of steps()) {
      look();
      if (isOver || stopped.aborted) return;
      shareOfCandidate = share;
      announce.note('rollout', `version ${CANDIDATE_VERSION} gets ${percent(share)} of the attempts`);
      await sleep(stepMs, stopped);
    }
  };

  return {
    takesCandidate: () => shareOfCandidate > 0 && (shareOfCandidate === 1 || Math.random() < shareOfCandidate),
    record,
    start(probe) {
      release(probe).catch(() => undefined);
    },
  };
};
