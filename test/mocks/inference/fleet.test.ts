import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Host, NoHost, QueueFull } from '../../../mocks/inference/capacity.ts';
import type { SpotConfig } from '../../../mocks/inference/deployment.ts';
import { createFleet, type FleetOptions } from '../../../mocks/inference/fleet.ts';

const STARTUP_MS = 5000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const given = (options: Partial<FleetOptions> = {}) => {
  const news: string[] = [];
  const counts: [onDemand: number, spot: number][] = [];
  const fleet = createFleet({
    instances: 1,
    concurrency: 1,
    queueLimit: 0,
    startupMs: STARTUP_MS,
    announce: (text) => void news.push(text),
    onCount: (onDemand, spot) => void counts.push([onDemand, spot]),
    ...options,
  });
  /** What becomes of a prediction that takes so long, and of its host. */
  const serve = (ms: number): Promise<string> =>
    fleet
      .run(async (host: Host) => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        return host.isGone ? 'served by nobody' : 'served';
      })
      .catch((error: unknown) =>
        error instanceof QueueFull ? 'throttled' : error instanceof NoHost ? 'no host' : String(error),
      );
  return { fleet, serve, news, counts };
};

const spotAll: SpotConfig = { onDemandBase: 0, drainOnNotice: false, drainMs: 500, fallsBack: false };
const handled: SpotConfig = { onDemandBase: 0, drainOnNotice: true, drainMs: 500, fallsBack: true };

describe('a fleet that is resized', () => {
  test('serves with the instances it has until new ones have started, and then takes from the queue', async () => {
    const { fleet, serve } = given({ queueLimit: 1 });
    fleet.resize(2);
    const calls = [serve(60_000), serve(10), serve(10)];
    await vi.advanceTimersByTimeAsync(STARTUP_MS - 1);
    expect(fleet.size).toEqual({ wanted: 2, serving: 1, starting: 1, taken: 1, waiting: 1 });
    await vi.advanceTimersByTimeAsync(11);
    expect(fleet.size).toEqual({ wanted: 2, serving: 2, starting: 0, taken: 1, waiting: 0 });
    await vi.runAllTimersAsync();
    expect(await Promise.all(calls)).toEqual(['served', 'served', 'throttled']);
  });

  test('ends what runs on an instance before that goes, and gives it nothing more', async () => {
    const { fleet, serve, counts } = given({ instances: 2 });
    const calls = [serve(1000), serve(1000)];
    fleet.resize(1);
    expect(fleet.size).toMatchObject({ serving: 1, taken: 2 });
    expect(await serve(1)).toBe('throttled');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await Promise.all(calls)).toEqual(['served', 'served']);
    expect(counts.at(-1)).toEqual([1, 0]);
  });

  test('tells what it does', async () => {
    const { fleet, news } = given();
    fleet.resize(3);
    await vi.runAllTimersAsync();
    fleet.resize(1);
    expect(news).toEqual([
      'scales out from 1 to 3 instances',
      '2 instances more can serve, 5 s after the launch',
      'scales in from 3 to 1 instance',
    ]);
  });

  test('an instance that is not wanted any more never starts to serve', async () => {
    const { fleet, counts } = given();
    fleet.resize(2);
    fleet.resize(1);
    await vi.runAllTimersAsync();
    expect(fleet.size).toMatchObject({ serving: 1, starting: 0 });
    expect(counts.at(-1)).toEqual([1, 0]);
  });
});

describe('a fleet on the spot market', () => {
  test('loses what runs on an instance that is taken back, and answers that there is none', async () => {
    const { fleet, serve, news } = given({ instances: 1, spot: spotAll });
    const call = serve(10_000);
    fleet.setSpotAvailable(null);
    fleet.interrupt({ noticeMs: 2000, share: 1 });
    await vi.advanceTimersByTimeAsync(2000);
    expect(await call).toBe('no host');
    expect(await serve(1)).toBe('no host');
    expect(news).toEqual([
      '1 spot instance of 1 instance will be taken back in 2 s',
      '1 spot instance taken back with 1 prediction on them, 0 left',
    ]);
  });

  test('has replacements when there is capacity again', async () => {
    const { fleet, serve } = given({ instances: 2, spot: spotAll });
    fleet.setSpotAvailable(null);
    fleet.interrupt({ noticeMs: 0, share: 0.5 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fleet.size).toMatchObject({ serving: 1, starting: 0 });
    fleet.setSpotAvailable(0);
    await vi.advanceTimersByTimeAsync(STARTUP_MS);
    expect(fleet.size).toMatchObject({ serving: 2 });
    const calls = [serve(1), serve(1)];
    await vi.advanceTimersByTimeAsync(1);
    expect(await Promise.all(calls)).toEqual(['served', 'served']);
  });

  test('that acts on the notice has its replacement up before, and loses nothing that ends within the drain', async () => {
    const { fleet, serve, counts } = given({ spot: handled });
    fleet.setSpotAvailable(null);
    fleet.interrupt({ noticeMs: 8000, share: 1 });
    expect(counts.at(-1)).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(7400);
    const calls = [serve(500)];
    await vi.advanceTimersByTimeAsync(200);
    calls.push(serve(100));
    await vi.runAllTimersAsync();
    expect(await Promise.all(calls)).toEqual(['served', 'served']);
    expect(counts.at(-1)).toEqual([1, 0]);
  });

  test('has a place taken on demand for want of spot capacity back on the spot market when there is some', async () => {
    const { fleet, serve, counts } = given({ instances: 3, spot: { ...handled, onDemandBase: 1 } });
    fleet.setSpotAvailable(null);
    fleet.interrupt({ noticeMs: 1000, share: 1 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(counts.at(-1)).toEqual([3, 0]);
    const calls = [serve(20_000), serve(20_000), serve(20_000)];
    fleet.setSpotAvailable(0);
    expect(counts.at(-1)).toEqual([3, 2]);
    await vi.advanceTimersByTimeAsync(STARTUP_MS);
    expect(fleet.size).toMatchObject({ serving: 3, taken: 3 });
    await vi.runAllTimersAsync();
    expect(await Promise.all(calls)).toEqual(['served', 'served', 'served']);
    expect(counts.at(-1)).toEqual([1, 2]);
  });

  test('keeps what is on demand: a reclaim leaves the base', async () => {
    const { fleet } = given({ instances: 4, spot: { ...spotAll, onDemandBase: 1 } });
    fleet.interrupt({ noticeMs: 0, share: 1 });
    await vi.advanceTimersByTimeAsync(0);
    expect(fleet.size).toMatchObject({ serving: 1, starting: 3 });
  });

  test('tells those that wait that nobody will serve them', async () => {
    const { fleet, serve } = given({ queueLimit: 1, spot: spotAll });
    const calls = [serve(10_000), serve(1)];
    fleet.interrupt({ noticeMs: 100, share: 1 });
    await vi.advanceTimersByTimeAsync(100);
    expect(await Promise.all(calls)).toEqual(['no host', 'no host']);
  });
});

describe('a fleet some of whose instances are not well', () => {
  test('has so many slow or failing ones, until they are mended', async () => {
    const { fleet } = given({ instances: 4 });
    const seen = async () => {
      const hosts: [number, number][] = [];
      const calls = Array.from({ length: 4 }, () =>
        fleet.run(async ({ slowdown, errorShare }) => {
          hosts.push([slowdown, errorShare]);
          await Promise.resolve();
        }),
      );
      await Promise.all(calls);
      return hosts.toSorted(([a], [b]) => b - a);
    };
    fleet.degrade({ share: 0.3, slowdown: 10, errorShare: 0.5 });
    expect(await seen()).toEqual([
      [10, 0.5],
      [10, 0.5],
      [1, 0],
      [1, 0],
    ]);
    fleet.degrade({ share: 0, slowdown: 1, errorShare: 0 });
    expect(await seen()).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
  });
});

describe('any fleet', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant('request' as const), ms: fc.integer({ min: 1, max: 3000 }) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('resize' as const), to: fc.integer({ min: 1, max: 6 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('interrupt' as const), share: fc.constantFrom(0.3, 1), noticeMs: fc.nat(4000) }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('market' as const), isAvailable: fc.boolean() }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 4000 }) }) },
  );

  test('keeps to its slots and its number, answers every request once, and has an end to each instance', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(undefined, spotAll, handled, { ...handled, onDemandBase: 2 }),
        fc.array(step, { maxLength: 40 }),
        async (concurrency, spot, steps) => {
          const { fleet, serve, counts } = given({ instances: 2, concurrency, queueLimit: 5, spot });
          let wanted = 2;
          let interrupted = false;
          const calls: Promise<string>[] = [];
          for (const each of steps) {
            if (each.type === 'request') calls.push(serve(each.ms));
            else if (each.type === 'resize') {
              wanted = each.to;
              fleet.resize(each.to);
            } else if (each.type === 'interrupt') {
              interrupted = true;
              fleet.interrupt(each);
            } else if (each.type === 'market') fleet.setSpotAvailable(each.isAvailable ? 0 : null);
            else await vi.advanceTimersByTimeAsync(each.ms);
            const { serving, starting, taken, waiting } = fleet.size;
            const [onDemand, onSpot] = counts.at(-1)!;
            expect(taken).toBeLessThanOrEqual((onDemand + onSpot) * concurrency);
            expect(waiting).toBeLessThanOrEqual(5);
            expect(starting).toBeLessThanOrEqual(wanted);
            expect(serving).toBeLessThanOrEqual(onDemand + onSpot);
            if (!spot) expect(serving + starting).toBe(wanted);
          }
          fleet.setSpotAvailable(0);
          await vi.runAllTimersAsync();
          const ends = await Promise.all(calls);
          expect(ends.filter((end) => end === 'served by nobody')).toEqual([]);
          // Scaling in loses nothing, and neither does anything else but the spot market.
          if (!spot || !interrupted) expect(ends.filter((end) => end === 'no host')).toEqual([]);
          expect(fleet.size).toMatchObject({ wanted, serving: wanted, starting: 0, taken: 0, waiting: 0 });
          const [onDemand, onSpot] = counts.at(-1)!;
          expect(onDemand + onSpot).toBe(wanted);
          if (spot) expect(onDemand).toBe(Math.min(wanted, spot.onDemandBase));
        },
      ),
      { numRuns: 200 },
    );
  });
});
