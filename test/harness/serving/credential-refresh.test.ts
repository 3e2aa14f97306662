import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccessSource } from '../../../harness/serving/access-source.ts';
import { createAnnounce } from '../../../harness/serving/announce.ts';
import type { Access } from '../../../harness/serving/clients/access.ts';
import type { Design } from '../../../harness/serving/config.ts';
import { createCredentialRefresh } from '../../../harness/serving/credential-refresh.ts';
import { LinkError } from '../../../harness/serving/errors.ts';
import { unlimited } from '../../../harness/serving/link-caller.ts';

const accessNamed = (fingerprint: string): Access => ({
  fingerprint,
  expiresAtMs: null,
  predict: () => Promise.reject(new Error('not used')),
  priceUsdPerHour: () => Promise.reject(new Error('not used')),
});

const open = new AbortController().signal;
const refusal = new LinkError('credential', 'refused');

/** A source whose next access is made by `next`; the same one stays held when that gives it again. */
const createSource = (next: () => Promise<Access>) => {
  let held = accessNamed('first');
  const renew = vi.fn(async () => {
    held = await next();
    return held;
  });
  const source: AccessSource = {
    get held() {
      return held;
    },
    get fresh() {
      return held;
    },
    current: async () => held,
    renew,
  };
  return { source, renew };
};

/** The provider lets in accesses of these names. */
const provider = (...good: readonly string[]) =>
  vi.fn(async (access: Access) => {
    if (!good.includes(access.fingerprint)) throw refusal;
    return access.fingerprint;
  });

let events: string[];

const refreshOf = (source: AccessSource, policy: Design['credentialRefresh'] = { minIntervalMs: 500 }) =>
  createCredentialRefresh(
    policy,
    'aws',
    source,
    createAnnounce((text) => events.push(text)),
  );

beforeEach(() => {
  vi.useFakeTimers();
  events = [];
});
afterEach(() => {
  vi.useRealTimers();
});

describe('credential refresh', () => {
  it('gets a new access when the present one is refused, and calls once more', async () => {
    const { source, renew } = createSource(async () => accessNamed('second'));
    const call = provider('second');
    expect(await refreshOf(source).run('link', call, open, unlimited)).toBe('second');
    expect(renew).toHaveBeenCalledTimes(1);
    expect(call).toHaveBeenCalledTimes(2);
    expect(events).toEqual(['credential of aws refreshed']);
  });

  it('is shared by all calls that are refused at the same time', async () => {
    const { source, renew } = createSource(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return accessNamed('second');
    });
    const refresh = refreshOf(source);
    const all = Promise.all([1, 2, 3, 4].map((n) => refresh.run(`link ${n}`, provider('second'), open, unlimited)));
    await vi.advanceTimersByTimeAsync(30);
    expect(await all).toEqual(['second', 'second', 'second', 'second']);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it('takes the access that another has got meanwhile, without getting one itself', async () => {
    const { source, renew } = createSource(async () => accessNamed('second'));
    const refresh = refreshOf(source);
    const slow = vi.fn(async (access: Access) => {
      if (access.fingerprint === 'second') return 'second';
      await new Promise((resolve) => setTimeout(resolve, 100));
      throw refusal;
    });
    const late = refresh.run('slow link', slow, open, unlimited);
    await refresh.run('quick link', provider('second'), open, unlimited);
    await vi.advanceTimersByTimeAsync(100);
    expect(await late).toBe('second');
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it('does not call again with an access that is no other', async () => {
    const { source } = createSource(async () => source.held!);
    const call = provider();
    await expect(refreshOf(source).run('link', call, open, unlimited)).rejects.toBe(refusal);
    expect(call).toHaveBeenCalledTimes(1);
    expect(events).toEqual(['credential of aws refused, and no other is to be had']);
  });

  it('marks who was refused until it is time to try again, and only those', async () => {
    const { source, renew } = createSource(async () => source.held!);
    const refresh = refreshOf(source);
    await refresh.run('link', provider(), open, unlimited).catch(() => undefined);
    expect(refresh.isRefused('link')).toBe(true);
    expect(refresh.isRefused('other link')).toBe(false);
    await vi.advanceTimersByTimeAsync(499);
    expect(refresh.isRefused('link')).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(refresh.isRefused('link')).toBe(false);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it('makes no call and no reading for who is refused, before it is time', async () => {
    const { source, renew } = createSource(async () => source.held!);
    const refresh = refreshOf(source);
    const call = provider();
    for (let n = 0; n < 10; n += 1) await refresh.run('link', call, open, unlimited).catch(() => undefined);
    expect(call).toHaveBeenCalledTimes(1);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it('recovers at the first try after the new credential is there', async () => {
    let next = async () => source.held!;
    const { source } = createSource(() => next());
    const refresh = refreshOf(source);
    await refresh.run('link', provider('second'), open, unlimited).catch(() => undefined);
    next = async () => accessNamed('second');
    await vi.advanceTimersByTimeAsync(500);
    expect(await refresh.run('link', provider('second'), open, unlimited)).toBe('second');
    expect(refresh.isRefused('link')).toBe(false);
  });

  it('answers with the refusal when no access can be got, and says why', async () => {
    const { source } = createSource(() => Promise.reject(new LinkError('credential', 'the store is down')));
    await expect(refreshOf(source).run('link', provider(), open, unlimited)).rejects.toBe(refusal);
    expect(events).toEqual(['credential of aws refused, and not refreshed: the store is down']);
  });

  it('is not moved by other failures', async () => {
    const { source, renew } = createSource(async () => accessNamed('second'));
    const down = new LinkError('connection', 'down');
    await expect(refreshOf(source).run('link', () => Promise.reject(down), open, unlimited)).rejects.toBe(down);
    expect(renew).not.toHaveBeenCalled();
  });

  it('does nothing when the design has it off', async () => {
    const { source, renew } = createSource(async () => accessNamed('second'));
    const refresh = refreshOf(source, false);
    await expect(refresh.run('link', provider('second'), open, unlimited)).rejects.toBe(refusal);
    expect(refresh.isRefused('link')).toBe(false);
    expect(renew).not.toHaveBeenCalled();
  });
});
