import { describe, expect, it } from 'vitest';
import { createAttempts } from '../../../harness/load/attempts.ts';
import { loadDoors } from '../../../harness/load/doors/index.ts';
import type { LaneRequest } from '../../../harness/load/lane.ts';
import { loadSamples } from '../../../harness/load/samples.ts';

const HEADER = 'x-squall-deadline-ms';

/** The request of one arrival. */
const sent = (deadlineMs: number | undefined): LaneRequest => {
  const requests: LaneRequest[] = [];
  const attempts = createAttempts({
    nowMs: () => 0,
    timeoutMs: 1000,
    deadlineMs,
    door: loadDoors.rest,
    model: 'digits',
    samples: loadSamples('digits'),
    random: () => 0,
    nextCaller: () => ({ tenant: 'shop', priority: 'critical' }),
    onRecord: () => undefined,
    onSettled: () => undefined,
  });
  attempts.begin(0).sendOn({ send: (request: LaneRequest) => void requests.push(request), abort: () => undefined } as never);
  attempts.drop();
  return requests[0]!;
};

describe('what callers tell of their deadline', () => {
  it('is a header of each request, beside who they are', () => {
    expect(sent(400).headers).toMatchObject({ [HEADER]: '400', 'x-squall-tenant': 'shop', 'x-squall-priority': 'critical' });
  });

  it('is in whole milliseconds, as the header takes them', () => {
    expect(sent(400.4).headers).toMatchObject({ [HEADER]: '400' });
  });

  it('is nothing where the load sets none', () => {
    expect(sent(undefined).headers).not.toHaveProperty(HEADER);
  });
});
