import { expect, it } from 'vitest';
import { effectOf, googleCentral, problemsOf } from '../../support/faults.ts';

it('throttling lowers the quota of the endpoint, and lifts it when it ends', () => {
  expect(effectOf('throttling', { requestsPerS: '120/m' }).provider?.(googleCentral)).toEqual({
    onStart: [{ type: 'set-quota', region: 'us-central1', service: 'aiplatform', requestsPerS: 2 }],
    onEnd: [{ type: 'set-quota', region: 'us-central1', service: 'aiplatform', requestsPerS: null }],
  });
});

it('throttling refuses a quota of nothing, which is an outage', () => {
  expect(problemsOf('throttling', { requestsPerS: 0 })).toEqual([
    'requestsPerS: expected a rate above 0; a region that takes nothing is a region-outage',
  ]);
});
