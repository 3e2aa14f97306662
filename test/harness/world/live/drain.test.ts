import { Agent, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type Mounted, mount } from '../../../../harness/world/live/mount.ts';

const LONG_MS = 60_000;

const agent = new Agent({ keepAlive: true });
afterEach(() => agent.destroy());

/** What comes back, over a connection that is kept; `cut` when nothing does. */
const ask = ({ origin }: Mounted): Promise<string> =>
  new Promise((resolve) => {
    const sent = request(origin, { agent }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', () => resolve('cut'));
    sent.end();
  });

/** A server whose requests wait to be answered, and how many are there. */
const mountWaiting = async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const mounted = await mount(async () => {
    arrived.resolve();
    await answer.promise;
    return new Response('answered');
  });
  return { mounted, arrived: arrived.promise, answer: answer.resolve };
};

describe('draining a mounted handler', () => {
  it('lets a request under way end, and takes no more', async () => {
    const { mounted, arrived, answer } = await mountWaiting();
    const underWay = ask(mounted);
    await arrived;
    const drained = mounted.drain(LONG_MS);
    expect(await fetch(mounted.origin).catch(() => 'refused')).toBe('refused');
    answer();
    expect(await underWay).toBe('answered');
    await drained;
  });

  it('does not wait for a connection that is kept and has nothing to say', async () => {
    const mounted = await mount(async () => new Response('answered'));
    expect(await ask(mounted)).toBe('answered');
    await mounted.drain(LONG_MS);
  });

  it('cuts what is not answered in time', async () => {
    const { mounted, arrived, answer } = await mountWaiting();
    const underWay = ask(mounted);
    await arrived;
    await mounted.drain(10);
    expect(await underWay).toBe('cut');
    answer();
  });
});
