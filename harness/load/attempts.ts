import { type Judgement, type LoadCaller, type LoadDoor, TIMED_OUT } from './doors/door.ts';
import type { Lane } from './lane.ts';
import type { RequestRecord } from './sample.ts';
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
  /** Who makes the next request; nobody in particular when absent. */
  nextCaller?(): LoadCaller;
  onRecord(record: RequestRecord): void;
  /** Called once for each attempt, after its record, and before its lane is idle. */
  onSettled(attempt: Attempt): void;
}

/** Arrivals under way. Whatever happens to one (answered, lost, never sent), it ends by its due time and the time-out, with one record. */
export interface Attempts {
  /** An arrival is due: its clock runs from `dueMs`, sent or not. */
  begin(dueMs: number): Attempt;
  /** How many have begun and not ended. */
  readonly underWay: number;
  /** Forgets those under way: they get no record. */
  drop(): void;
}

const ANYBODY: LoadCaller = { tenant: '', priority: 'default' };

/** Defaults go without saying. */
const recorded = ({ tenant, priority }: LoadCaller): Pick<RequestRecord, 'tenant' | 'priority'> => ({
  ...(tenant === '' ? {} : { tenant }),
  ...(priority === 'default' ? {} : { priority }),
});

export const createAttempts = (options: AttemptsOptions): Attempts => {
  const { nowMs, timeoutMs, door, model, samples, random, nextCaller = () => ANYBODY, onRecord, onSettled } = options;
  const requestOf = door.requests(model, samples);
  const told = options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs };
  const timers = new Set<NodeJS.Timeout>();
  let begun = 0;

  const begin = (dueMs: number): Attempt => {
    const id = `squall-${begun}`;
    begun += 1;
    const sampleIndex = Math.floor(random() * samples.length);
    const caller = { ...nextCaller(), ...told };
    let sentMs: number | null = null;
    let lane: Lane | null = null;

    const settle = (judgement: Judgement) => {
      clearTimeout(timer);
      timers.delete(timer);
      const endMs = nowMs();
      onRecord({ dueMs, sentMs: sentMs ?? endMs, endMs, ...judgement, ...recorded(caller) });
      onSettled(attempt);
    };
    const giveUp = () => {
      settle(TIMED_OUT);
      lane?.abort();
    };
    // Node's timers may fire up to a millisecond early; nobody is given less than the time-out.
    const timer = setTimeout(giveUp, Math.max(0, Math.ceil(dueMs + timeoutMs - nowMs())) + 1);
    timers.add(timer);

    const attempt: Attempt = {
      dueMs,
      sendOn(target) {
        lane = target;
        sentMs = nowMs();
        // A timer can be late: whoever is sent late has some time left nonetheless.
        const request = requestOf({ id, sampleIndex, caller, timeoutMs: Math.max(1, dueMs + timeoutMs - sentMs) });
        lane.send(request, (end) => {
          // And an answer after the time-out is one nobody waits for, whichever comes first here.
          settle(nowMs() - dueMs > timeoutMs ? TIMED_OUT : door.judge(end, samples[sampleIndex]!.label));
        });
      },
    };
    return attempt;
  };

  return {
    begin,
    get underWay() {
      return timers.size;
    },
    drop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
};
