import { type Ask, type Judgement, type LoadCaller, type LoadDoor, type NextStep, TIMED_OUT } from './doors/door.ts';
import type { CallerTokens } from './identity/caller-tokens.ts';
import type { Lane, LaneEnd, LaneRequest, LanesOptions } from './lane.ts';
import type { RequestRecord } from './sample.ts';
import { type SampleShare, shareSamples } from './sample-share.ts';
import type { Sample } from './samples.ts';

/** One arrival, from its due time to its end. */
export interface Attempt {
  /** Milliseconds after the measured timeline began. */
  readonly dueMs: number;
  /** Sends it on an idle lane. */
  sendOn(lane: Lane): void;
}

export interface AttemptsOptions {
  /** Milliseconds after the measured timeline began. */
  nowMs(): number;
  readonly timeoutMs: number;
  /** Told with each request; nothing is told when absent. */
  readonly deadlineMs?: number | undefined;
  readonly door: LoadDoor;
  readonly model: string;
  readonly samples: readonly Sample[];
  /** Uniform draws in [0, 1) that choose the samples. */
  random(): number;
  /** Which callers send which samples; left out: all send all. */
  readonly share?: SampleShare;
  /** Who makes the next request; nobody in particular when absent. */
  nextCaller?(): LoadCaller;
  /** What callers make themselves known by; left out: they do not. */
  readonly tokens?: Pick<CallerTokens, 'headerOf' | 'refused'>;
  onRecord(record: RequestRecord): void;
  /** Called once for each attempt, after its record, and before its lane is idle. */
  onSettled(attempt: Attempt): void;
  /** A lane is idle that no attempt keeps. */
  onIdle?: LanesOptions['onIdle'];
}

/** Arrivals under way. Whatever happens to one (answered, lost, never sent), it ends by its due time and the time-out, with one record. */
export interface Attempts {
  /** An arrival is due: its clock runs from `dueMs`, sent or not. */
  begin(dueMs: number): Attempt;
  /** A lane is idle: whoever keeps it for a further request takes note. */
  readonly onIdle: LanesOptions['onIdle'];
  /** How many have begun and not ended. */
  readonly underWay: number;
  /** Forgets those under way: they get no record. */
  drop(): void;
}

const ANYBODY: LoadCaller = { tenant: '', priority: 'default' };

/** HTTP's; gRPC's maps to it. */
const UNAUTHENTICATED = 401;

/** Defaults go without saying. */
const recorded = ({ tenant, priority }: LoadCaller): Pick<RequestRecord, 'tenant' | 'priority'> => ({
  ...(tenant === '' ? {} : { tenant }),
  ...(priority === 'default' ? {} : { priority }),
});

export const createAttempts = (options: AttemptsOptions): Attempts => {
  const { nowMs, timeoutMs, door, model, samples, random, nextCaller = () => ANYBODY, tokens, onRecord, onSettled } = options;
  const { share = shareSamples([], samples.length) } = options;
  const requestOf = door.requests(model, samples);
  const told = options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs };
  const timers = new Set<NodeJS.Timeout>();
  /** Lanes that attempts keep between two requests, with the pause of those that are idle. */
  const kept = new Map<Lane, { pause?: NodeJS.Timeout; readonly goOn: () => void; readonly afterMs: number }>();
  let begun = 0;

  const begin = (dueMs: number): Attempt => {
    const id = `squall-${begun}`;
    begun += 1;
    const draw = random();
    const caller = { ...nextCaller(), ...told };
    const sampleIndex = share.indexOf(caller.tenant, draw);
    let sentMs: number | null = null;
    let lane: Lane | null = null;
    let isAccepted = false;

    /** With the token that its caller has now: one that goes on for long gets another meanwhile. */
    const signed = (request: LaneRequest): LaneRequest => {
      const authorization = tokens?.headerOf(caller.tenant);
      return authorization === undefined ? request : { ...request, headers: { ...request.headers, authorization } };
    };
    const settle = (judgement: Judgement) => {
      if (judgement.status === UNAUTHENTICATED) tokens?.refused(caller.tenant);
      clearTimeout(timer);
      timers.delete(timer);
      const endMs = nowMs();
      onRecord({
        dueMs,
        sentMs: sentMs ?? endMs,
        endMs,
        ...judgement,
        ...recorded(caller),
        ...(isAccepted ? { jobId: id } : {}),
      });
      onSettled(attempt);
    };
    const giveUp = () => {
      settle(TIMED_OUT);
      if (!lane) return;
      const pausing = kept.get(lane);
      kept.delete(lane);
      if (pausing?.pause === undefined) return lane.abort();
      clearTimeout(pausing.pause);
      options.onIdle?.(lane, 'abort');
    };
    // Node's timers may fire up to a millisecond early; nobody is given less than the time-out.
    const timer = setTimeout(giveUp, Math.max(0, Math.ceil(dueMs + timeoutMs - nowMs())) + 1);
    timers.add(timer);

    /** What the door makes of an end: of most doors each end is one to judge. */
    const stepAfter = (end: LaneEnd, ask: Ask, first: LaneRequest): NextStep =>
      door.later?.next(end, { ask, first, isAccepted }) ?? { type: 'judge', end };
    const sendOn = (target: Lane, request: LaneRequest, ask: Ask, first: LaneRequest) => {
      target.send(signed(request), (end) => {
        const step = stepAfter(end, ask, first);
        if (step.type === 'ask') isAccepted = step.isAccepted;
        // A timer can be late: an answer after the time-out is one nobody waits for, whichever comes first here.
        if (nowMs() - dueMs > timeoutMs) settle(TIMED_OUT);
        else if (step.type === 'judge') settle(door.judge(step.end, samples[sampleIndex]!.label));
        else kept.set(target, { afterMs: step.afterMs, goOn: () => sendOn(target, step.request, ask, first) });
      });
    };

    const attempt: Attempt = {
      dueMs,
      sendOn(target) {
        lane = target;
        sentMs = nowMs();
        // And whoever is sent late has some time left nonetheless.
        const ask = { id, sampleIndex, caller, timeoutMs: Math.max(1, dueMs + timeoutMs - sentMs) };
        const first = requestOf(ask);
        sendOn(target, first, ask, first);
      },
    };
    return attempt;
  };

  return {
    begin,
    onIdle(lane, after) {
      const keeper = kept.get(lane);
      if (!keeper) return options.onIdle?.(lane, after);
      const goOn = () => {
        kept.delete(lane);
        keeper.goOn();
      };
      const pause = setTimeout(goOn, keeper.afterMs);
      keeper.pause = pause;
    },
    get underWay() {
      return timers.size;
    },
    drop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      for (const { pause } of kept.values()) clearTimeout(pause);
      kept.clear();
    },
  };
};
