import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QueueFull } from '../../../mocks/inference/capacity.ts';
import { createFleet } from '../../../mocks/inference/fleet.ts';

const createSlots = (concurrency: number, queueLimit: number) =>
  createFleet({ instances: 1, concurrency, queueLimit, startupMs: 0, announce: () => undefined, onCount: () => undefined });

/** A task that runs until it is told to end. */
const aTask = () => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { promise, resolve, reject };
};

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

describe('the slots of an instance', () => {
  test('run so many tasks at once, keep so many waiting in order of arrival, and refuse the rest at once', async () => {
    const step = fc.oneof({ weight: 3, arbitrary: fc.constant('arrive' as const) }, { weight: 2, arbitrary: fc.nat(9) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.nat(4),
        fc.array(step, { maxLength: 40 }),
        async (concurrency, queueLimit, steps) => {
          const slots = createSlots(concurrency, queueLimit);
          const started: number[] = [];
          const refused: number[] = [];
          const tasks: ReturnType<typeof aTask>[] = [];
          /** What must happen, by the plainest model of a queue. */
          const expected = { running: [] as number[], waiting: [] as number[], started: [] as number[], refused: [] as number[] };

          for (const each of steps) {
            if (each === 'arrive') {
              const id = tasks.length;
              const task = aTask();
              tasks.push(task);
              slots
                .run(async () => {
                  started.push(id);
                  await task.promise;
                })
                .catch((error: unknown) => {
                  if (error instanceof QueueFull) refused.push(id);
                });
              if (expected.running.length < concurrency) {
                expected.running.push(id);
                expected.started.push(id);
              } else if (expected.waiting.length < queueLimit) expected.waiting.push(id);
              else expected.refused.push(id);
            } else if (expected.running.length > 0) {
              const [id] = expected.running.splice(each % expected.running.length, 1);
              // A task that fails frees its slot as one that succeeds does.
              if (each % 2 === 0) tasks[id!]?.resolve();
              else tasks[id!]?.reject(new Error('failed'));
              const next = expected.waiting.shift();
              if (next !== undefined) {
                expected.running.push(next);
                expected.started.push(next);
              }
            }
            await settle();
            expect({ started, refused }).toEqual({ started: expected.started, refused: expected.refused });
          }
          for (const { resolve } of tasks) resolve();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a newcomer does not overtake a task that waits, even in the moment a slot falls free', async () => {
    const slots = createSlots(1, 2);
    const order: string[] = [];
    const first = slots.run(async () => void order.push('first'));
    const second = slots.run(async () => void order.push('second'));
    // Arrives when the first is done and the second has not yet begun.
    const third = first.then(() => slots.run(async () => void order.push('third')));
    await Promise.all([first, second, third]);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  test('what a task returns or throws comes through', async () => {
    const slots = createSlots(1, 0);
    await expect(slots.run(async () => 7)).resolves.toBe(7);
    await expect(slots.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(slots.run(async () => 8)).resolves.toBe(8);
  });
});
