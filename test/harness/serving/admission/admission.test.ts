import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Admission, createAdmission } from '../../../../harness/serving/admission/admission.ts';
import { createAnnounce } from '../../../../harness/serving/announce.ts';
import type { Caller } from '../../../../harness/serving/caller.ts';
import { startDeadline } from '../../../../harness/serving/deadline.ts';
import { admission as policy } from '../../../../harness/serving/design/policies/admission.ts';
import { defaultsOf } from '../../../../harness/serving/design/policy.ts';
import { Cancelled, Refused } from '../../../../harness/serving/errors.ts';

type Settings = Parameters<typeof createAdmission>[0];

const settings = {
  ...(defaultsOf(policy) as Settings),
  queueLimit: 3,
  maxWaitMs: 200,
  standingWaitMs: 20,
  retryAfterMs: 1500,
};

let limit = 2;
let told: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  limit = 2;
  told = [];
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const make = (parts: Partial<Settings> = {}): Admission =>
  createAdmission(
    { ...settings, ...parts },
    () => limit,
    createAnnounce((text) => told.push(text)),
  );

/** Until it has begun. */
const noEnd: (isByLink?: boolean) => void = () => undefined;

/** A request, and what has become of it. */
const ask = (admission: Admission, caller: Partial<Caller> = {}, deadlineMs = 1000) => {
  const deadline = startDeadline(deadlineMs, false);
  const request = {
    state: 'waiting' as 'waiting' | 'begun' | 'refused' | 'ended',
    error: undefined as unknown,
    atMs: 0,
    deadline,
    end: noEnd,
  };
  const startedAtMs = performance.now();
  admission.enter({ deadlineMs, tenant: '', priority: 'default', ...caller }, deadline).then(
    (leave) => {
      request.state = 'begun';
      request.atMs = performance.now() - startedAtMs;
      request.end = (isByLink = true) => {
        request.state = 'ended';
        deadline.close();
        leave(isByLink);
      };
    },
    (error: unknown) => {
      request.state = 'refused';
      request.error = error;
      request.atMs = performance.now() - startedAtMs;
      deadline.close();
    },
  );
  return request;
};

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const statesOf = (requests: readonly { readonly state: string }[]) => requests.map(({ state }) => state);
const endAll = async (requests: readonly ReturnType<typeof ask>[]) => {
  await pass(2000);
  for (let round = 0; round < 10; round += 1) {
    for (const request of requests) if (request.state === 'begun') request.end();
    await pass(1);
  }
};

describe('admission', () => {
  it('begins what there is room for at once, and the next as soon as one has ended', async () => {
    const admission = make();
    const requests = [ask(admission), ask(admission), ask(admission)];
    await pass(50);
    expect(statesOf(requests)).toEqual(['begun', 'begun', 'waiting']);
    requests[0]!.end();
    await pass(0);
    expect(requests[2]).toMatchObject({ state: 'begun', atMs: 50 });
    await endAll(requests);
  });

  it('refuses after the longest wait, says when to come again, and tells of it once', async () => {
    const admission = make();
    const requests = [ask(admission), ask(admission), ask(admission), ask(admission)];
    await pass(199);
    expect(statesOf(requests)).toEqual(['begun', 'begun', 'waiting', 'waiting']);
    await pass(1);
    expect(statesOf(requests)).toEqual(['begun', 'begun', 'refused', 'refused']);
    expect(requests[2]!.error).toBeInstanceOf(Refused);
    expect(requests[2]!.error).toMatchObject({ kind: 'too-many', retryAfterMs: 1500 });
    expect(told).toHaveLength(1);
    await endAll(requests);
  });

  it('refuses at once when no place to wait is left, the least critical first', async () => {
    const admission = make();
    const first = [ask(admission), ask(admission)];
    const waiting = [ask(admission), ask(admission, { priority: 'sheddable' }), ask(admission)];
    const late = ask(admission);
    await pass(0);
    expect(statesOf(waiting)).toEqual(['waiting', 'refused', 'waiting']);
    expect(late.state).toBe('waiting');
    const critical = ask(admission, { priority: 'critical' });
    await pass(0);
    expect(late.state).toBe('refused');
    first[0]!.end();
    await pass(0);
    expect(critical.state).toBe('begun');
    await endAll([...first, ...waiting, late, critical]);
  });

  it('lets newcomers wait only shortly, and takes the newest first, once some have been waiting without a break', async () => {
    const admission = make({ queueLimit: 10 });
    const running = [ask(admission), ask(admission)];
    const others: ReturnType<typeof ask>[] = [];
    for (let at = 0; at < 21; at += 1) {
      others.push(ask(admission));
      await pass(10);
    }
    const [older, newer] = [ask(admission), ask(admission)];
    await pass(5);
    running[0]!.end();
    await pass(0);
    expect(statesOf([older, newer])).toEqual(['waiting', 'begun']);
    await pass(15);
    expect(older).toMatchObject({ state: 'refused', atMs: 20 });
    await endAll([...running, ...others, older, newer]);
  });

  it('takes the oldest first however long some wait where that is the order', async () => {
    const admission = make({ order: 'oldest', queueLimit: 10, standingWaitMs: 200 });
    const running = [ask(admission), ask(admission)];
    const others: ReturnType<typeof ask>[] = [];
    for (let at = 0; at < 30; at += 1) {
      others.push(ask(admission));
      await pass(10);
    }
    const waiting = others.filter(({ state }) => state === 'waiting');
    running[0]!.end();
    await pass(0);
    expect(waiting[0]!.state).toBe('begun');
    await endAll([...running, ...others]);
  });

  it('does not begin what can no longer be answered in time', async () => {
    const admission = make();
    const quick = ask(admission);
    await pass(80);
    quick.end();
    const running = [ask(admission), ask(admission)];
    const [tight, patient] = [ask(admission, {}, 100), ask(admission, {}, 1000)];
    await pass(40);
    running[0]!.end();
    await pass(0);
    // 60 ms are left of it, and no answer has come in less than 40: what ended last was the fastest.
    expect(tight.state).toBe('begun');
    tight.end();
    await pass(0);
    const tooLate = ask(admission, {}, 50);
    await pass(30);
    running[1]!.end();
    await pass(0);
    expect(tooLate.state).toBe('refused');
    await endAll([...running, tight, patient, tooLate]);
  });

  it('gives each tenant its share: the one that asks for more is refused, and told so', async () => {
    limit = 4;
    const admission = make({ queueLimit: 4 });
    const noisy = Array.from({ length: 8 }, () => ask(admission, { tenant: 'noisy' }));
    const calm = ask(admission, { tenant: 'calm' });
    await pass(0);
    expect(statesOf(noisy)).toEqual([...Array(4).fill('begun'), ...Array(3).fill('waiting'), 'refused']);
    noisy[0]!.end();
    await pass(0);
    expect(calm.state).toBe('begun');
    const second = ask(admission, { tenant: 'calm' });
    const more = ask(admission, { tenant: 'noisy' });
    await pass(0);
    expect(more.error).toMatchObject({ kind: 'over-share' });
    expect(second.state).toBe('waiting');
    await endAll([...noisy, calm, second, more]);
  });

  it('forgets who has gone, and holds a place for nobody', async () => {
    const admission = make({ queueLimit: 1 });
    const running = [ask(admission), ask(admission)];
    const gone = ask(admission);
    await pass(10);
    gone.deadline.end(new Cancelled('caller-gone'));
    await pass(0);
    expect(gone.error).toMatchObject({ cancelledBy: 'caller-gone' });
    const next = ask(admission);
    await pass(0);
    expect(next.state).toBe('waiting');
    running[0]!.end();
    await pass(0);
    expect(next.state).toBe('begun');
    await endAll([...running, next]);
  });

  it('takes up as many as the limit has become, when it has grown', async () => {
    const admission = make();
    const requests = [ask(admission), ask(admission), ask(admission), ask(admission)];
    await pass(10);
    limit = 10;
    const newcomer = ask(admission);
    await pass(0);
    expect(statesOf([...requests, newcomer])).toEqual(Array(5).fill('begun'));
    await endAll([...requests, newcomer]);
  });
});
