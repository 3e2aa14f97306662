import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../../../harness/wire/free-port.ts';
import { startContainers } from '../../../../../harness/world/live/containers/live-containers.ts';
import { untilThere } from '../../../../../harness/world/live/containers/until-there.ts';
import type { LiveRun } from '../../../../../harness/world/live/run.ts';

describe('a dependency that runs already', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it('is named when nobody answers there', async () => {
    const origin = `http://127.0.0.1:${await freePort()}`;
    await expect(untilThere('moto', origin, new AbortController().signal, 100)).rejects.toMatchObject({
      code: 'CONTAINER_FAILED',
      message: `topology.containers.moto.url: nobody answers at ${origin}: squall asked for 0.1 s, and no connection is taken there.`,
      remedy: expect.stringContaining('Start it before the run'),
    });
  });

  it('is waited for at the start of a run', async () => {
    const port = await freePort();
    const run = {
      plan: {
        containers: [
          { link: { id: 'cache' }, container: { name: 'cache', source: { type: 'url', origin: `redis://127.0.0.1:${port}` } } },
        ],
      },
      cleanUp: { defer: () => undefined },
    } as unknown as LiveRun;
    let isStarted = false;
    const started = startContainers(run).then(({ origins }) => {
      isStarted = true;
      return origins;
    });
    // Two looks' worth: there is nobody yet.
    await untilThere('cache', `redis://127.0.0.1:${port}`, new AbortController().signal, 60).catch(() => undefined);
    expect(isStarted).toBe(false);
    server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    expect((await started).get('cache')).toBe(`redis://127.0.0.1:${port}`);
  });

  it('is not waited for when the run is over', async () => {
    const over = new AbortController();
    const waiting = untilThere('moto', `http://127.0.0.1:${await freePort()}`, over.signal);
    over.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
  });
});
