import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOwner, imageLabel, labels } from '../../../harness/containers/owner.ts';
import { startReaper } from '../../../harness/containers/reaper.ts';
import { startFakeEngine } from './fake-engine.ts';

describe('the reaper', () => {
  let engine: Awaited<ReturnType<typeof startFakeEngine>>;
  beforeEach(async () => {
    engine = await startFakeEngine();
  });
  afterEach(() => engine.close());

  const own = createOwner();
  const gone = { ...own.labels, [labels.run]: 'gone', [labels.pid]: '4194304' };

  it("removes the run's containers, then its networks, and nobody else's", async () => {
    const reaper = await startReaper(engine.address, `${labels.run}=${own.runId}`);
    engine.addContainer('ours', own.labels);
    engine.addNetwork('our-network', own.labels);
    engine.addContainer('of-a-living-run', { ...own.labels, [labels.run]: 'another' });
    engine.addContainer('a-stranger', {});
    await reaper.reap();
    expect(engine.ids()).toEqual(['of-a-living-run', 'a-stranger']);
  });

  it('removes at its start what runs left whose process is gone', async () => {
    engine.addContainer('orphan', gone);
    engine.addNetwork('orphan-network', gone);
    const reaper = await startReaper(engine.address, `${labels.run}=${own.runId}`);
    expect(reaper.swept).toBe(2);
    expect(engine.ids()).toEqual([]);
    await reaper.reap();
  });

  it('removes what bears another label too', async () => {
    const reaper = await startReaper(engine.address, `${labels.run}=${own.runId}`);
    reaper.also('com.docker.compose.project=shop');
    engine.addContainer('composed', { 'com.docker.compose.project': 'shop' });
    engine.addContainer('composed-elsewhere', { 'com.docker.compose.project': 'other' });
    await reaper.reap();
    expect(engine.ids()).toEqual(['composed-elsewhere']);
  });

  it('removes the images that were built for the run, and orphaned ones, but not one that somebody has built on', async () => {
    engine.addImage('orphan-image', imageLabel(gone));
    const reaper = await startReaper(engine.address, `${labels.run}=${own.runId}`);
    expect(reaper.swept).toBe(1);
    engine.addImage('our-image', imageLabel(own.labels));
    engine.addImage('built-on', imageLabel(own.labels));
    engine.buildOn('built-on');
    engine.addImage('of-a-living-run', imageLabel({ ...own.labels, [labels.run]: 'another' }));
    await reaper.reap();
    expect(engine.ids()).toEqual(['built-on', 'of-a-living-run']);
  });

  it('says what may be left when the engine refuses', async () => {
    const reaper = await startReaper(engine.address, `${labels.run}=${own.runId}`);
    engine.break();
    await expect(reaper.reap()).rejects.toMatchObject({
      code: 'CONTAINER_FAILED',
      message: expect.stringContaining('may be left'),
      remedy: expect.stringContaining(own.runId),
    });
  });

  it.each(['SIGKILL', 'exit'] as const)('removes all when squall ends by %s', async (how) => {
    const end = how === 'exit' ? 'process.exit(0)' : "process.kill(process.pid, 'SIGKILL')";
    const source = `
      const { startReaper } = await import(${JSON.stringify(new URL('../../../harness/containers/reaper.ts', import.meta.url).href)});
      await startReaper(${JSON.stringify(engine.address)}, '${labels.run}=doomed');
      process.stdout.write('up');
      process.stdin.once('data', () => ${end});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    engine.addContainer('doomed', { [labels.run]: 'doomed' });
    expect(engine.ids()).toEqual(['doomed']);
    child.stdin.write('now');
    await vi.waitFor(() => expect(engine.ids()).toEqual([]), { timeout: 10_000 });
    // What the engine was still creating when squall ended.
    engine.addContainer('late', { [labels.run]: 'doomed' });
    await vi.waitFor(() => expect(engine.ids()).toEqual([]), { timeout: 10_000 });
  });
});
