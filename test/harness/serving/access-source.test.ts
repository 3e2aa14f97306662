import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccessSource, createAccessSource } from '../../../harness/serving/access-source.ts';
import { createAnnounce } from '../../../harness/serving/announce.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';
import { createProviderClock } from '../../../harness/serving/provider-clock.ts';
import { answersAfter, blackhole, createFakeLinks, type FakeLinks, refuses } from '../../support/fake-links.ts';

const HOUR_MS = 3_600_000;

let links: FakeLinks;
let source: AccessSource;
let stopping: AbortController;
let events: string[];
const open = new AbortController().signal;

const current = async () => {
  const outcome = source.current(open).catch((error: unknown) => error as Error);
  await vi.advanceTimersByTimeAsync(20);
  return outcome;
};

beforeEach(() => {
  vi.useFakeTimers();
  events = [];
  stopping = new AbortController();
  links = createFakeLinks(['azure', 'westeurope']);
  vi.stubGlobal('fetch', links.fetch);
  const [link] = links.config(referenceDesign).links;
  source = createAccessSource(
    link!,
    createProviderClock({}),
    createAnnounce((text) => events.push(text)),
    stopping.signal,
  );
});
afterEach(async () => {
  stopping.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the access to a provider', () => {
  it('is got at first need and kept', async () => {
    const first = await current();
    expect(await current()).toBe(first);
    expect([links.requests('azure/secret'), links.requests('azure/token')]).toEqual([1, 1]);
    expect(events).toEqual(['credential of azure obtained']);
  });

  it('is renewed a minute before it expires, and nobody waits for it', async () => {
    const first = await current();
    await vi.advanceTimersByTimeAsync(HOUR_MS - 61_000);
    expect(await current()).toBe(first);
    links.expireTokens();
    await vi.advanceTimersByTimeAsync(1000);
    await expect(source.current(open)).resolves.toBe(first);
    await vi.advanceTimersByTimeAsync(20);
    expect(source.held).not.toBe(first);
  });

  it('is used to its end when it cannot be renewed, and is waited for after that', async () => {
    const first = await current();
    links.set('azure/token', refuses);
    await vi.advanceTimersByTimeAsync(HOUR_MS - 1000);
    expect(await current()).toBe(first);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await current()).toMatchObject({ kind: 'credential' });
    links.set('azure/token', answersAfter(5));
    await vi.advanceTimersByTimeAsync(500);
    expect(await current()).toMatchObject({ fingerprint: 'token-1-0' });
  });

  it('is not asked for again at once when it could not be got', async () => {
    links.set('azure/secret', refuses);
    for (let n = 0; n < 10; n += 1) expect(await current()).toMatchObject({ kind: 'credential' });
    expect(links.requests('azure/secret')).toBe(1);
    expect(events).toEqual(['credential of azure not obtained: The secret store of azure cannot be reached.']);
  });

  it('is given up after two seconds without an answer', async () => {
    links.set('azure/token', blackhole);
    const outcome = source.current(open).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1999);
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ kind: 'credential', message: 'No credential of azure: no answer in 2000 ms' });
  });

  it('keeps its identity when a renewal gives an equal one', async () => {
    const first = await current();
    const renewed = source.renew();
    await vi.advanceTimersByTimeAsync(20);
    expect(await renewed).toBe(first);
  });
});
