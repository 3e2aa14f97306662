import { describe, expect, it } from 'vitest';
import { failureAt } from '../../../harness/faults/failure.ts';
import { effectOf, exchangeOn, send } from '../../support/faults.ts';
import { linkWith } from '../../support/wire.ts';

const ec2 = linkWith({
  id: 'aws/us-east-1/ec2',
  service: 'ec2',
  failure: () => new Response('<Response><Errors/></Response>', { status: 503 }),
});

describe('what a failing service answers', () => {
  it('is its own, where it has a shape of its own', async () => {
    expect(await failureAt(ec2, 'unavailable').text()).toContain('<Errors/>');
  });

  it("is its provider's otherwise", async () => {
    const answer = failureAt(linkWith(), 'unavailable');
    expect(answer.headers.get('x-amzn-errortype')).not.toBeNull();
  });

  it.each([
    ['region-outage', { mode: 'http-5xx' }],
    ['error-burst', {}],
  ])('is what the fault %s answers with', async (kind, settings) => {
    const { answer } = send(effectOf(kind, settings), exchangeOn(ec2));
    expect(await (await answer).text()).toContain('<Errors/>');
  });
});
