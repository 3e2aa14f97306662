import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createOwner, isOrphan, labels, startOfProcess } from '../../../harness/containers/owner.ts';

describe('the owner of a container', () => {
  it('lives as long as its process', () => {
    expect(isOrphan(createOwner().labels)).toBe(false);
  });

  it('is gone with its process', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const found = { ...createOwner().labels, [labels.pid]: String(child.pid), [labels.started]: startOfProcess(child.pid!)! };
    expect(isOrphan(found)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isOrphan(found)).toBe(true);
  });

  it('is gone when another process has its id', () => {
    expect(isOrphan({ ...createOwner().labels, [labels.started]: 'an earlier time' })).toBe(true);
  });

  it("is not judged where its process id means nothing, nor is what isn't squall's", () => {
    expect(isOrphan({ ...createOwner().labels, [labels.pid]: '4194304', [labels.host]: 'another machine' })).toBe(false);
    expect(isOrphan({})).toBe(false);
    expect(isOrphan({ [labels.run]: 'x' })).toBe(false);
  });
});
