import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnnounce } from '../../../harness/serving/announce.ts';
import { failureTest } from '../../../harness/serving/blame.ts';
import { createLinkBreaker, type LinkBreaker } from '../../../harness/serving/circuit-breaker.ts';
import { applyPatch } from '../../../harness/serving/design/patch.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';
import { Cancelled, LinkError, type LinkErrorKind } from '../../../harness/serving/errors.ts';

let events: string[];
let breaker: LinkBreaker;

const failWith = async (error: unknown, times = 1) => {
  for (let n = 0; n < times; n += 1) {
    await breaker
      .execute(async () => {
        throw error;
      })
      .catch((thrown: unknown) => expect(thrown).toBe(error));
  }
};
const succeed = () => breaker.execute(async () => 'answer');
const linkError = (kind: LinkErrorKind) => new LinkError(kind, kind);

beforeEach(() => {
  vi.useFakeTimers();
  events = [];
  breaker = createLinkBreaker(
    { consecutiveFailures: 3, halfOpenAfterMs: 2000 },
    'aws/a/b',
    failureTest(referenceDesign),
    createAnnounce((text) => events.push(text)),
  );
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the circuit breaker', () => {
  it.each(['connection', 'unavailable', 'timeout'] as const)('opens after failures in a row: %s', async (kind) => {
    await failWith(linkError(kind), 2);
    expect(breaker.state).toBe('closed');
    await failWith(linkError(kind));
    expect(breaker.state).toBe('open');
    expect(events).toEqual(['breaker for aws/a/b opened']);
  });

  it.each([
    ['throttling', linkError('overloaded')],
    ['a refused credential, where credentials are refreshed', linkError('credential')],
    ['a rejected input', linkError('rejected')],
    ['a caller that has gone', new Cancelled('caller-gone')],
    ['another attempt that was faster', new Cancelled('not-needed')],
  ])('does not open for %s', async (_what, error) => {
    await failWith(error, 10);
    expect(breaker.state).toBe('closed');
  });

  it('opens for a link that later attempts overtake again and again', async () => {
    await failWith(new Cancelled('overtaken'), 3);
    expect(breaker.state).toBe('open');
  });

  it('opens for a refused credential where nothing refreshes it', async () => {
    const design = applyPatch(referenceDesign, { credentialRefresh: false });
    breaker = createLinkBreaker(
      { consecutiveFailures: 3, halfOpenAfterMs: 2000 },
      'x',
      failureTest(design),
      createAnnounce(undefined),
    );
    await failWith(linkError('credential'), 3);
    expect(breaker.state).toBe('open');
  });

  it('counts only failures in a row', async () => {
    await failWith(linkError('connection'), 2);
    await succeed();
    await failWith(linkError('connection'), 2);
    expect(breaker.state).toBe('closed');
  });

  it('lets one probe through after a while, and closes when it succeeds', async () => {
    await failWith(linkError('connection'), 3);
    await vi.advanceTimersByTimeAsync(1999);
    expect(breaker.state).toBe('open');
    await vi.advanceTimersByTimeAsync(1);
    expect(breaker.state).toBe('probe-due');
    const probe = breaker.execute(() => new Promise((resolve) => setTimeout(resolve, 100)));
    expect(breaker.state).toBe('open');
    await vi.advanceTimersByTimeAsync(100);
    await probe;
    expect(breaker.state).toBe('closed');
    expect(events).toEqual(['breaker for aws/a/b opened', 'breaker for aws/a/b closed']);
  });

  it('stays open for as long again when the probe fails, and says so once', async () => {
    await failWith(linkError('connection'), 3);
    for (let n = 0; n < 5; n += 1) {
      await vi.advanceTimersByTimeAsync(2000);
      expect(breaker.state).toBe('probe-due');
      await failWith(linkError('timeout'));
      expect(breaker.state).toBe('open');
    }
    expect(events).toEqual(['breaker for aws/a/b opened']);
  });

  it('learns nothing from a probe that was given up', async () => {
    await failWith(linkError('connection'), 3);
    await vi.advanceTimersByTimeAsync(2000);
    await failWith(new Cancelled('caller-gone'));
    expect(breaker.state).toBe('open');
  });

  it('passes everything when the design has it off', async () => {
    breaker = createLinkBreaker(false, 'x', () => true, createAnnounce(undefined));
    await failWith(linkError('connection'), 100);
    expect(breaker.state).toBe('closed');
    expect(await succeed()).toBe('answer');
  });
});
