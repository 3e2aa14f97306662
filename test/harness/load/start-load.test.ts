import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../../harness/load/sample.ts';
import { loadSamples } from '../../../harness/load/samples.ts';
import { type LoadOptions, startLoad } from '../../../harness/load/start-load.ts';
import { answering, closedPlan, epochMs, openPlan, outcomesOf, serveHttp, type TestServer } from '../../support/load.ts';

let server: TestServer | undefined;
afterEach(() => server?.close());

const start = (origin: string, part: Partial<LoadOptions> = {}) => {
  const batches: (readonly RequestRecord[])[] = [];
  const handle = startLoad({
    origin,
    plan: openPlan(100),
    seed: 1,
    warmupMs: 0,
    durationMs: 1000,
    timelineStartEpochMs: epochMs() + 1000,
    onRecords: (records) => batches.push(records),
    ...part,
  });
  return { ...handle, batches };
};

describe('a load in its own thread', () => {
  it('hands every record over in small batches, and is done then', async () => {
    server = await serveHttp(answering());
    const { done, batches } = start(server.origin);
    await done;
    const records = batches.flat();
    expect(records).toHaveLength(100);
    expect(outcomesOf(records)).toEqual({ ok: 100 });
    expect(batches.length).toBeGreaterThan(3);
  });

  it('counts time by the clock of the thread that started it', async () => {
    server = await serveHttp(answering());
    const timelineStartEpochMs = epochMs() + 1000;
    const { done, batches } = start(server.origin, { timelineStartEpochMs, durationMs: 100 });
    await done;
    const endMs = epochMs() - timelineStartEpochMs;
    for (const record of batches.flat()) {
      expect(record.sentMs).toBeGreaterThanOrEqual(record.dueMs);
      expect(record.endMs).toBeLessThan(endMs);
    }
  });

  it('sends the same samples at the same times for the same seed', async () => {
    const labels = new Set(loadSamples('digits').map(({ label }) => label));
    const run = async (seed: number) => {
      const bodies: string[] = [];
      server = await serveHttp((request, response) => {
        let body = '';
        request.setEncoding('utf8').on('data', (chunk) => {
          body += chunk;
        });
        request.on('end', () => bodies.push(body));
        answering()(request, response);
      });
      const { done, batches } = start(server.origin, { seed, durationMs: 300, timelineStartEpochMs: epochMs() + 500 });
      await done;
      await server.close();
      return {
        bodies: bodies.sort(),
        due: batches
          .flat()
          .map(({ dueMs }) => dueMs)
          .sort((a, b) => a - b),
      };
    };
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    expect((await run(6)).bodies).not.toEqual(first.bodies);
    expect(new Set(first.bodies.map((body) => JSON.parse(body).inputs[0].data.join())).size).toBeGreaterThan(10);
    expect(labels.size).toBe(10);
  });

  it('stops at once, without waiting for answers', async () => {
    server = await serveHttp(() => {});
    const { done, stop } = start(server.origin, { durationMs: 60_000, timelineStartEpochMs: epochMs() });
    await stop();
    await done;
    await stop();
  });

  it('in closed loop sends until the timeline ends', async () => {
    server = await serveHttp((request, response) => void setTimeout(() => answering()(request, response), 20));
    const { done, batches } = start(server.origin, { plan: closedPlan(3), durationMs: 1000 });
    await done;
    expect(batches.flat().length).toBeGreaterThanOrEqual(3);
  });

  it('refuses before it starts what it cannot do', () => {
    expect(() => start('http://127.0.0.1:1', { plan: openPlan(5000) })).toThrow('MAX_CONNECTIONS');
    expect(() => start('http://127.0.0.1:1', { plan: { ...openPlan(1), model: 'no-such-model' } })).toThrow('no-such-model');
  });

  it('breaks loudly when the thread does', async () => {
    const { done, stop } = start('not an origin');
    await expect(done).rejects.toThrow('Invalid URL');
    await stop();
  });
});

describe('the process of a load', () => {
  const spawnLoad = (lastLine: string) => {
    const module = new URL('../../../harness/load/start-load.ts', import.meta.url).href;
    const options = {
      origin: 'http://127.0.0.1:1',
      plan: openPlan(10),
      seed: 1,
      warmupMs: 0,
      durationMs: 60_000,
      timelineStartEpochMs: epochMs(),
    };
    const source = `import { startLoad } from '${module}';
      const load = startLoad({ ...${JSON.stringify(options)}, onRecords() {} });
      ${lastLine}`;
    return spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'inherit' });
  };

  it('is not kept alive by it', async () => {
    expect(await once(spawnLoad(''), 'exit')).toEqual([0, null]);
  });

  it('takes it along when it ends', async () => {
    expect(await once(spawnLoad('setTimeout(() => process.exit(7), 500)'), 'exit')).toEqual([7, null]);
  });
});
