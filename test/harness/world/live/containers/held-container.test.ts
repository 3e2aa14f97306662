import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningContainer } from '../../../../../harness/containers/container.ts';
import { type Containers, openContainers } from '../../../../../harness/containers/containers.ts';
import type { ContainerLimits } from '../../../../../harness/containers/spec.ts';
import type { BoundFault } from '../../../../../harness/faults/bind.ts';
import type { ContainerHold } from '../../../../../harness/faults/kind.ts';
import { containersOf } from '../../../../../harness/topology/container-placements.ts';
import { holdContainer } from '../../../../../harness/world/live/containers/held-container.ts';
import { wantedOf } from '../../../../../harness/world/live/containers/wanted.ts';
import { missingForContainers, testImages } from '../../../../support/containers.ts';
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

/** @param usedMb what it uses while it runs: a lower limit is refused, as by cgroup v1 */
const fake = (usedMb = 0) => {
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
    async limit(limits: ContainerLimits) {
      done.push(`limit ${JSON.stringify(limits)}`);
      return (limits.memoryMb ?? Number.POSITIVE_INFINITY) < usedMb && !done.includes('kill') ? usedMb : undefined;
    },
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

  it('is killed where the kernel refuses a limit that is passed already, and started again when it is lifted', async () => {
    const { held, done, told, end } = fake(100.2);
    await held.hold({ state: 'running', limits: { memoryMb: 16 } });
    end(137);
    await new Promise((resolve) => void setImmediate(resolve));
    const told16 =
      'container stack/us-east/cache killed: it uses 101 MiB, more than its limit of 16 MiB; it is started again when that is lifted';
    expect(told).toEqual([told16]);
    // Another fault, meanwhile, does not start it.
    await held.hold({ state: 'paused', limits: { memoryMb: 16 } });
    await held.hold({ state: 'running', limits: { memoryMb: 16 } });
    const limit = 'limit {"image":"redis:8","cpus":2,"memoryMb":16}';
    expect(done).toEqual([limit, 'kill', limit]);
    await held.hold({ state: 'running', limits: {} });
    expect(done.slice(3)).toEqual(['limit {"image":"redis:8","cpus":2}', 'start']);
  });
});

const missing = await missingForContainers('redis');

describe.skipIf(missing)(
  `a Redis that uses more than its new limit${missing ? ` (${missing})` : ''}`,
  { timeout: 60_000 },
  () => {
    let containers: Containers;
    beforeAll(async () => {
      containers = await openContainers();
    }, 30_000);
    afterAll(() => containers?.close(), 60_000);

    it('is ended, whatever the version of cgroups, and up again when the limit is lifted', async () => {
      const redis = await containers.start({ image: testImages.redis, ports: [6379] });
      const ask = async (command: string) => {
        const socket = connect(redis.hostPort(6379), '127.0.0.1');
        socket.write(`${command}\r\n`);
        const [answer] = await once(socket, 'data');
        socket.destroy();
        return String(answer).trim();
      };
      expect(await ask(`SETRANGE all ${64 * 1024 ** 2} x`)).toBe(`:${64 * 1024 ** 2 + 1}`);
      const told: string[] = [];
      const run = {
        recorder: { event: (text: string) => void told.push(text) },
        ending: { broken: (text: string) => void told.push(`broken: ${text}`) },
      } as unknown as Parameters<typeof holdContainer>[2];
      const held = holdContainer('cache', redis, run, new AbortController().signal);
      await held.hold({ state: 'running', limits: { memoryMb: 16 } });
      await vi.waitFor(() => expect(told.join()).toMatch(/more than its limit of 16 MiB|under its limits/), { timeout: 10_000 });
      expect(await redis.isRunning()).toBe(false);
      await held.hold({ state: 'running', limits: {} });
      expect(await ask('PING')).toBe('+PONG');
      expect(told.join()).not.toContain('broken');
    });
  },
);
