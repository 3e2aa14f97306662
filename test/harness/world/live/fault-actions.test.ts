import { describe, expect, it } from 'vitest';
import type { BoundFault } from '../../../../harness/faults/bind.ts';
import type { Fault, FaultEffect } from '../../../../harness/faults/kind.ts';
import { faultActions } from '../../../../harness/world/live/fault-actions.ts';
import type { ControlCommand } from '../../../../mocks/control.ts';
import { faultWith, linkWith } from '../../../support/wire.ts';

const price = (multiplier: number): ControlCommand => ({
  type: 'set-price-multiplier',
  region: 'us-east-1',
  service: 'sagemaker-runtime',
  multiplier,
});

const priceEffect = (multiplier: number): FaultEffect => ({
  provider: () => ({ onStart: [price(multiplier)], onEnd: [price(1)] }),
});

const bound = (fault: Partial<Fault>, effect: FaultEffect, links = [linkWith()]): BoundFault => ({
  fault: faultWith(fault),
  links,
  effect,
});

/** Plays all actions in order without waiting, and tells what was done. */
const play = async (faults: readonly BoundFault[], durationMs = 10_000): Promise<string[]> => {
  const done: string[] = [];
  const actions = faultActions(faults, durationMs, {
    nodes: {
      kill: async (id) => void done.push(`kill ${id}`),
      revive: async (id) => void done.push(`revive ${id}`),
      pause: async (id) => void done.push(`pause ${id}`),
      resume: async (id) => void done.push(`resume ${id}`),
      command: async (id, { type }) => void done.push(`${type} ${id}`),
    },
    wire: {
      begin: async ({ fault }) => void done.push(`wire + ${fault.name}`),
      end: async ({ fault }) => void done.push(`wire - ${fault.name}`),
    },
    control: async (provider, command) =>
      void done.push(`${provider} ${command.type}${'multiplier' in command ? ` ${command.multiplier}` : ''}`),
    sampleUsage: async () => void done.push('meters'),
    onEvent: (text) => done.push(text),
  });
  for (const { atMs, act } of actions.toSorted((a, b) => a.atMs - b.atMs)) {
    done.push(`${atMs}:`);
    await act();
  }
  return done;
};

describe('what the timeline does', () => {
  it('reads the meters at 0 and before each edge, puts faults on and off, and says so', async () => {
    const outage = bound({ name: 'region-outage', atMs: 2_000, forMs: 3_000, targets: ['aws/us-east-1/*'] }, {});
    expect(await play([outage])).toEqual([
      '0:',
      'meters',
      '2000:',
      'meters',
      '2000:',
      'fault region-outage started on aws/us-east-1/*: 1 link',
      'wire + region-outage',
      '5000:',
      'meters',
      '5000:',
      'fault region-outage ended',
      'wire - region-outage',
    ]);
  });

  it('tells the provider once, however many links ask for the same', async () => {
    const revoke: FaultEffect = {
      provider: () => ({ onStart: [{ type: 'revoke-credential', replacementAfterMs: 0 }], onEnd: [] }),
    };
    const links = [linkWith(), linkWith({ id: 'aws/global/secretsmanager', region: 'global' })];
    const done = await play([bound({ atMs: 0 }, revoke, links)]);
    expect(done.filter((one) => one === 'aws revoke-credential')).toHaveLength(1);
    expect(done).toContain('fault fault started on *: 2 links');
  });

  it('gives the settings of a fault that goes on again when another puts them back', async () => {
    const done = await play([
      bound({ name: 'short', atMs: 1_000, forMs: 2_000 }, priceEffect(2)),
      bound({ name: 'long', atMs: 2_000, forMs: 4_000 }, priceEffect(3)),
    ]);
    expect(done.filter((one) => one.startsWith('aws'))).toEqual(
      [2, 3, 1, 3, 1].map((multiplier) => `aws set-price-multiplier ${multiplier}`),
    );
  });

  it('has a node stand still, dead and up by all faults that hold it', async () => {
    const worker = {
      ...linkWith({ id: 'stack/us-east/worker-1', region: 'us-east' }),
      provider: 'stack',
      role: 'process',
      kind: 'worker',
    } as const;
    const holding = (name: string, atMs: number, forMs: number, state: 'killed' | 'paused'): BoundFault => ({
      fault: faultWith({ name, atMs, forMs }),
      links: [worker],
      effect: { node: () => state },
    });
    const done = await play([holding('hang', 1_000, 5_000, 'paused'), holding('crash', 2_000, 2_000, 'killed')]);
    expect(done.filter((one) => one.endsWith('worker-1')).map((one) => one.split(' ')[0])).toEqual([
      'pause',
      'kill',
      'revive',
      'pause',
      'resume',
    ]);
  });

  it('gives the last word to a fault that starts when another ends', async () => {
    const done = await play([
      bound({ name: 'second', atMs: 3_000, forMs: 1_000 }, priceEffect(5)),
      bound({ name: 'first', atMs: 1_000, forMs: 2_000 }, priceEffect(2)),
    ]);
    expect(done.filter((one) => one.startsWith('aws'))).toEqual(
      [2, 1, 5, 1].map((multiplier) => `aws set-price-multiplier ${multiplier}`),
    );
  });

  it('ends with the timeline what would outlast it', async () => {
    const done = await play([bound({ atMs: 9_000, forMs: 5_000 }, {})]);
    expect(done.slice(-3)).toEqual(['10000:', 'fault fault ended', 'wire - fault']);
  });
});
