import { describe, expect, it } from 'vitest';
import type { RunningContainer } from '../../../../../harness/containers/container.ts';
import type { BoundFault } from '../../../../../harness/faults/bind.ts';
import type { ContainerHold } from '../../../../../harness/faults/kind.ts';
import { containersOf } from '../../../../../harness/topology/container-placements.ts';
import { holdContainer } from '../../../../../harness/world/live/containers/held-container.ts';
import { wantedOf } from '../../../../../harness/world/live/containers/wanted.ts';
import { faultWith } from '../../../../support/wire.ts';

const [{ link }] = containersOf({
  gatewayRegion: 'us-east',
  regions: [],
  containers: [
    {
      name: 'cache',
      rttMs: 1,
      isHttp: false,
      awsServices: [],
      source: { type: 'image', image: 'redis:8', port: 6379, scheme: 'redis', environment: {}, ready: {}, limits: {} },
    },
  ],
}) as [ReturnType<typeof containersOf>[number]];

const bound = (hold: ContainerHold): BoundFault => ({ fault: faultWith({}), links: [link], effect: { container: () => hold } });

describe('what faults want of a container', () => {
  it.each<[readonly ContainerHold[], object]>([
    [[], { state: 'running', limits: {} }],
    [[{ state: 'paused' }, { state: 'killed' }], { state: 'killed', limits: {} }],
    [
      [{ limits: { cpus: 0.5 } }, { limits: { cpus: 0.1, memoryMb: 64 } }],
      { state: 'running', limits: { cpus: 0.1, memoryMb: 64 } },
    ],
  ])('%j is %j', (holds, wanted) => {
    expect(wantedOf(link, holds.map(bound))).toEqual(wanted);
  });

  it('is nothing by a fault on another', () => {
    expect(wantedOf(link, [{ ...bound({ state: 'killed' }), links: [{ ...link, id: 'stack/us-east/other' }] }]).state).toBe(
      'running',
    );
  });
});

const fake = () => {
  const done: string[] = [];
  const ends: ((code: number) => void)[] = [];
  const act = (name: string) => async () => void done.push(name);
  const container = {
    spec: { image: 'redis:8', cpus: 2 },
    pause: act('pause'),
    unpause: act('unpause'),
    kill: act('kill'),
    stop: act('stop'),
    start: act('start'),
    limit: async (limits: object) => void done.push(`limit ${JSON.stringify(limits)}`),
    ended: () => new Promise<number>((resolve) => void ends.push(resolve)),
    lastLines: () => ['bye'],
  } as unknown as RunningContainer;
  const told: string[] = [];
  const run = {
    recorder: { event: (text: string) => void told.push(text) },
    ending: { broken: (text: string) => void told.push(`broken: ${text}`) },
  } as unknown as Parameters<typeof holdContainer>[2];
  const held = holdContainer(link.id, container, run, new AbortController().signal);
  return { held, done, told, end: (code: number) => ends.at(-1)!(code) };
};
const none = { limits: {} };

describe('a container that faults hold', () => {
  it('is taken from state to state, one after the other', async () => {
    const { held, done } = fake();
    void held.hold({ state: 'paused', ...none });
    void held.hold({ state: 'killed', ...none });
    void held.hold({ state: 'stopped', ...none });
    void held.hold({ state: 'paused', ...none });
    await held.hold({ state: 'running', ...none });
    expect(done).toEqual(['pause', 'unpause', 'kill', 'start', 'pause', 'unpause']);
  });

  it('gets limits in place of its own, each by itself, and its own back', async () => {
    const { held, done } = fake();
    await held.hold({ state: 'running', limits: { memoryMb: 64 } });
    await held.hold({ state: 'running', limits: { memoryMb: 64 } });
    await held.hold({ state: 'running', limits: {} });
    expect(done).toEqual(['limit {"image":"redis:8","cpus":2,"memoryMb":64}', 'limit {"image":"redis:8","cpus":2}']);
  });

  it('breaks the run when it ends by itself, and not when a fault has killed it', async () => {
    const killed = fake();
    await killed.held.hold({ state: 'killed', ...none });
    killed.end(137);
    await Promise.resolve();
    expect(killed.told).toEqual(['container stack/us-east/cache killed']);

    const alone = fake();
    alone.end(1);
    await new Promise((resolve) => void setImmediate(resolve));
    expect(alone.told).toEqual(['broken: the container stack/us-east/cache ended with code 1: bye']);
  });

  it('is started again after limits under which it has ended', async () => {
    const { held, done, told, end } = fake();
    await held.hold({ state: 'running', limits: { memoryMb: 8 } });
    end(137);
    await new Promise((resolve) => void setImmediate(resolve));
    await held.hold({ state: 'running', limits: {} });
    expect(told[1]).toMatch(/ended with code 137 under its limits/);
    expect(done.at(-1)).toBe('start');
  });
});
