import { describe, expect, it } from 'vitest';
import { createSimClock } from '../../../../harness/world/sim/clock.ts';
import { createSimTimers } from '../../../../harness/world/sim/globals/timers.ts';
import { createSimProcess, currentProcess, fetchByProcess } from '../../../../harness/world/sim/process.ts';

const world = () => {
  const clock = createSimClock(setImmediate);
  const timers = createSimTimers(clock, (callback) => callback);
  const process = createSimProcess(clock);
  const seen: string[] = [];
  const note = (text: string) => () => void seen.push(`${clock.now()} ${text}`);
  const play = () => clock.run(() => false);
  return { clock, timers, process, seen, note, play };
};

describe('a simulated process that stands still', () => {
  it('has its timers wait, in order, and nobody else’s', async () => {
    const { clock, timers, process, seen, note, play } = world();
    process.run(() => {
      timers.setTimeout(note('second'), 20);
      timers.setTimeout(note('first'), 10);
      timers.setTimeout(note('later'), 60);
    });
    timers.setTimeout(note('other'), 15);
    clock.at(5, process.pause);
    clock.at(50, process.resume);
    await play();
    expect(seen).toEqual(['15 other', '50 first', '50 second', '60 later']);
  });

  it('is the owner of what its own timers and answers set going', async () => {
    const { clock, timers, process, seen, note, play } = world();
    process.run(() => {
      timers.setTimeout(async () => {
        await Promise.resolve();
        timers.setTimeout(note('a timer of a timer'), 10);
      }, 10);
    });
    clock.at(15, process.pause);
    clock.at(40, process.resume);
    await play();
    expect(seen).toEqual(['40 a timer of a timer']);
    expect(currentProcess()).toBeUndefined();
  });

  it('turns an interval once, however long it stood', async () => {
    const { clock, timers, process, seen, note, play } = world();
    const interval = process.run(() => timers.setInterval(note('turn'), 10));
    clock.at(15, process.pause);
    clock.at(55, process.resume);
    clock.at(70, () => timers.clear(interval));
    await play();
    expect(seen).toEqual(['10 turn', '55 turn', '65 turn']);
  });

  it('can clear a timer that is due before it comes', async () => {
    const { clock, timers, process, seen, note, play } = world();
    process.run(() => {
      const second = timers.setTimeout(note('second'), 20);
      timers.setTimeout(() => timers.clear(second), 10);
    });
    clock.at(5, process.pause);
    clock.at(50, process.resume);
    await play();
    expect(seen).toEqual([]);
  });

  it('sees requests and answers when it goes on, after its timers; an answer that it gave up it does not see', async () => {
    const { clock, timers, process, seen, note, play } = world();
    const given = new AbortController();
    const network = () => new Promise<Response>((resolve) => void clock.at(20, () => resolve(new Response('answer'))));
    const fetch = fetchByProcess(network as typeof globalThis.fetch);
    process.run(() => {
      void fetch('http://a.test/').then(note('answer'));
      void fetch('http://b.test/', { signal: given.signal }).then(note('too late'), note('given up'));
      timers.setTimeout(() => given.abort(), 30);
    });
    clock.at(10, process.pause);
    clock.at(15, () => void process.enter(async () => note('request')()));
    clock.at(25, () => void fetch('http://c.test/').then(note('answer to somebody else')));
    clock.at(50, process.resume);
    await play();
    expect(seen).toEqual(['25 answer to somebody else', '50 request', '50 answer', '50 given up']);
  });

  it('hears nothing any more when it is killed meanwhile', async () => {
    const { clock, timers, process, seen, note, play } = world();
    process.run(() => timers.setTimeout(note('timer'), 10));
    clock.at(5, process.pause);
    clock.at(15, () => void process.enter(async () => note('request')()));
    clock.at(20, process.end);
    clock.at(30, process.resume);
    await play();
    expect(seen).toEqual([]);
  });
});
