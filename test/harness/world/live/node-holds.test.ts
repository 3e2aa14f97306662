import { describe, expect, it } from 'vitest';
import { createNodeHolds, type NodeState } from '../../../../harness/world/live/node-holds.ts';

const host = (reviveTakes: Promise<void> = Promise.resolve()) => {
  const done: string[] = [];
  const act = (name: string, takes?: Promise<void>) => async () => {
    done.push(name);
    await takes;
  };
  const hands = { kill: act('kill'), revive: act('revive', reviveTakes), pause: act('pause'), resume: act('resume') };
  return { done, holds: createNodeHolds(hands) };
};

const walked = async (...states: readonly NodeState[]) => {
  const { done, holds } = host();
  for (const state of states) await holds.settle('node', state);
  return done;
};

describe('a node that faults hold', () => {
  it('goes from each state to each other', async () => {
    expect(await walked('killed', 'running')).toEqual(['kill', 'revive']);
    expect(await walked('paused', 'running')).toEqual(['pause', 'resume']);
    expect(await walked('paused', 'killed', 'running')).toEqual(['pause', 'kill', 'revive']);
    expect(await walked('killed', 'paused', 'running')).toEqual(['kill', 'revive', 'pause', 'resume']);
    expect(await walked('running', 'paused', 'paused', 'running', 'running')).toEqual(['pause', 'resume']);
  });

  it('is taken one step after the other: what is wanted meanwhile comes when it is up', async () => {
    const up = Promise.withResolvers<void>();
    const { done, holds } = host(up.promise);
    await holds.settle('node', 'killed');
    const settled = [holds.settle('node', 'running'), holds.settle('node', 'paused'), holds.settle('node', 'killed')];
    await holds.settle('other', 'paused');
    expect(done).toEqual(['kill', 'revive', 'pause']);
    up.resolve();
    await Promise.all(settled);
    expect(done).toEqual(['kill', 'revive', 'pause', 'kill']);
    await holds.settle('node', 'running');
    expect(done.at(-1)).toBe('revive');
  });

  it('can be held again after a step that failed', async () => {
    const { holds } = host(Promise.reject(new Error('no port')));
    await holds.settle('node', 'killed');
    await expect(holds.settle('node', 'running')).rejects.toThrow('no port');
    await holds.settle('node', 'killed');
  });
});
