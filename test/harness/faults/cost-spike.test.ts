import { expect, it } from 'vitest';
import { awsEast, effectOf, problemsOf } from '../../support/faults.ts';

it('a cost spike multiplies the price of the endpoint, and restores it when it ends', () => {
  expect(effectOf('cost-spike', { multiplier: 4 }).provider?.(awsEast)).toEqual({
    onStart: [{ type: 'set-price-multiplier', region: 'us-east-1', service: 'sagemaker-runtime', multiplier: 4 }],
    onEnd: [{ type: 'set-price-multiplier', region: 'us-east-1', service: 'sagemaker-runtime', multiplier: 1 }],
  });
});

it.each([0, -1, 1001, '4x'])('a cost spike refuses %s as a multiplier', (multiplier) => {
  expect(problemsOf('cost-spike', { multiplier })).toHaveLength(1);
});
