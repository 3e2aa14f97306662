import { describe, expect, it } from 'vitest';
import { dnsFailure } from '../../../harness/faults/dns-failure.ts';
import { linkWith } from '../../support/wire.ts';

const failureIn = (world: 'live' | 'sim', given: object) =>
  dnsFailure[world]!(dnsFailure.settings.parse(given)).name!(linkWith());

describe.each(['live', 'sim'] as const)('a failure of names in %s', (world) => {
  it('is the answer that there is no such name, or no answer for as long as a resolver is asked', () => {
    expect(failureIn(world, {})).toEqual({ type: 'not-found' });
    expect(failureIn(world, { mode: 'no-answer' })).toEqual({ type: 'no-answer', giveUpAfterMs: 10_000 });
    expect(failureIn(world, { mode: 'no-answer', giveUpAfter: '2s' })).toEqual({ type: 'no-answer', giveUpAfterMs: 2_000 });
  });
});

it('has a time to give up after only where nobody answers, and one above zero', () => {
  const complaint = (given: object) => dnsFailure.settings.safeParse(given).error?.issues[0]?.message;
  expect(complaint({ giveUpAfter: '1s' })).toContain('it belongs to mode no-answer');
  expect(complaint({ mode: 'no-answer', giveUpAfter: '0ms' })).toContain('above 0');
});

it('acts on whatever is called over the network, by its name', () => {
  const roles = ['inference', 'token', 'secret', 'price', 'service', 'process', 'instances'] as const;
  const actsOn = roles.filter((role) => dnsFailure.appliesTo!({ ...linkWith(), role }));
  expect(actsOn).toEqual(['inference', 'token', 'secret', 'price', 'service']);
});
