import { setupServer } from 'msw/node';
import { setupCloud } from 'squall/msw';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClassifier } from '../src/classify.ts';

const cloud = await setupCloud({ clouds: ['aws'], regions: { aws: ['us-east-1', 'eu-west-1'] } });
const server = setupServer(...cloud.handlers);

beforeAll(() => server.listen());
afterEach(async () => {
  vi.useRealTimers();
  // The next test finds fresh accounts, and no fault.
  await cloud.reset();
});
afterAll(() => server.close());

const classifier = () =>
  createClassifier({ credentials: cloud.credentials.aws, requestHandler: { requestTimeout: 1000, throwOnRequestTimeout: true } });

/** A zero: the outline of a ring, 8 pixels wide. */
const ZERO = [
  [0, 0, 5, 13, 9, 1, 0, 0],
  [0, 0, 13, 15, 10, 15, 5, 0],
  [0, 3, 15, 2, 0, 11, 8, 0],
  [0, 4, 12, 0, 0, 8, 8, 0],
  [0, 5, 8, 0, 0, 9, 8, 0],
  [0, 4, 11, 0, 1, 12, 7, 0],
  [0, 2, 14, 5, 10, 12, 0, 0],
  [0, 0, 6, 13, 10, 0, 0, 0],
].flat();

describe('the classifier', () => {
  it('reads a digit with the first region', async () => {
    expect(await classifier()(ZERO)).toEqual({ label: 0, region: 'us-east-1' });
  });

  it.each(['refuse', 'reset', 'http-5xx'] as const)('fails over when the first region is down: %s', async (mode) => {
    using _ = cloud.inject({ kind: 'region-outage', target: 'aws/us-east-1', mode });
    expect(await classifier()(ZERO)).toEqual({ label: 0, region: 'eu-west-1' });
  });

  it('fails over when the first region says nothing, after its time-out, without a second of waiting', async () => {
    vi.useFakeTimers();
    cloud.inject({ kind: 'region-outage', target: 'aws/us-east-1', mode: 'blackhole' });
    const reading = classifier()(ZERO);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await reading).toEqual({ label: 0, region: 'eu-west-1' });
  });

  it('goes back when the outage is over', async () => {
    const classify = classifier();
    const fault = cloud.inject({ kind: 'region-outage', target: 'aws/us-east-1' });
    expect((await classify(ZERO)).region).toBe('eu-west-1');
    fault.lift();
    expect((await classify(ZERO)).region).toBe('us-east-1');
  });

  it('has no way out when its credential is revoked', async () => {
    const classify = classifier();
    cloud.inject({ kind: 'credential-revocation', target: 'aws', replacementAfter: 'never' });
    await expect(classify(ZERO)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });
});
