import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCleanUp } from '../../../../harness/world/live/clean-up.ts';
import { createEnding } from '../../../../harness/world/live/ending.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const exit = (text: string, signal: NodeJS.Signals | null = null) => Promise.resolve({ code: null, text, signal });

describe('what ends a run early', () => {
  it('is the first thing that happens', async () => {
    const ending = createEnding(undefined);
    ending.broken('the wire failed');
    ending.watchSut(exit('the gateway exited with code 1'));
    expect(await ending.early).toEqual({ type: 'broken', text: 'the wire failed' });
  });

  it('is told in words: the system under test, a part of the harness', async () => {
    const [sut, part] = [createEnding(undefined), createEnding(undefined)];
    sut.watchSut(exit('the gateway was ended by SIGKILL', 'SIGKILL'));
    part.watchPart('the aws emulator', exit('was ended by SIGKILL', 'SIGKILL'));
    expect(await sut.early).toEqual({ type: 'sut-exited', text: 'the gateway was ended by SIGKILL' });
    expect(await part.early).toEqual({ type: 'broken', text: 'the aws emulator was ended by SIGKILL' });
  });

  it('is the interruption when a signal to the whole group ends a child first', async () => {
    const controller = new AbortController();
    const ending = createEnding(controller.signal);
    ending.watchPart('the aws emulator', exit('was ended by SIGTERM', 'SIGTERM'));
    await vi.advanceTimersByTimeAsync(20);
    controller.abort();
    await vi.advanceTimersByTimeAsync(200);
    expect(await ending.early).toEqual({ type: 'interrupted' });
  });

  it('is the child’s end when the signal was for it alone', async () => {
    const ending = createEnding(new AbortController().signal);
    ending.watchSut(exit('the gateway was ended by SIGTERM', 'SIGTERM'));
    await vi.advanceTimersByTimeAsync(200);
    expect((await ending.early).type).toBe('sut-exited');
  });

  it('is an interruption that came before the run', async () => {
    const ending = createEnding(AbortSignal.abort());
    expect(await ending.early).toEqual({ type: 'interrupted' });
    expect(await ending.isInterrupted()).toBe(true);
  });
});

describe('cleaning up', () => {
  it('undoes everything, also what is deferred while it is under way, and what stands behind a failure', async () => {
    const undone: string[] = [];
    const cleanUp = createCleanUp();
    cleanUp.defer(async () => {
      undone.push('first');
      cleanUp.defer(async () => void undone.push('late'));
      throw new Error('stuck');
    });
    cleanUp.defer(async () => void undone.push('second'));
    await expect(cleanUp.run()).rejects.toMatchObject({ errors: [new Error('stuck')] });
    expect(undone.sort()).toEqual(['first', 'late', 'second']);
  });
});
