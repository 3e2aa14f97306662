import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnnounce } from '../../../harness/serving/announce.ts';
import type { GatewayLink } from '../../../harness/serving/config.ts';
import { createCostGuard } from '../../../harness/serving/cost-guard.ts';
import { LinkError } from '../../../harness/serving/errors.ts';
import { createPriceWatch, type PriceWatch } from '../../../harness/serving/price-watch.ts';

const policy = { maxUsdPer1k: 0.2, refreshMs: 1000 };
/** 3.6 USD an hour is 0.001 USD a second: with one prediction a second, 1 USD per 1,000. */
const links = ['a', 'b'].map((id) => ({ id, serviceTimeMs: 1000, concurrency: 1 }) as GatewayLink);

let stopping: AbortController;
let events: string[];
let usdPerHour: Record<string, number | Error>;

const watchPrices = (onReading: (id: string, hasChanged: boolean) => void = () => undefined): PriceWatch => {
  const watch = createPriceWatch(
    policy.refreshMs,
    links.map((config) => ({
      config,
      async price() {
        const price = usdPerHour[config.id]!;
        if (price instanceof Error) throw price;
        return price;
      },
    })),
    onReading,
    createAnnounce((text) => events.push(text)),
    stopping.signal,
  );
  watch.start();
  return watch;
};

beforeEach(() => {
  vi.useFakeTimers();
  stopping = new AbortController();
  events = [];
  usdPerHour = { a: 0.36, b: 0.36 };
});
afterEach(async () => {
  stopping.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the price watch', () => {
  it('knows the price after one question, and follows it', async () => {
    const watch = watchPrices();
    expect(watch.usdPer1k('a')).toBeUndefined();
    await vi.advanceTimersByTimeAsync(0);
    expect(watch.usdPer1k('a')).toBeCloseTo(0.1);
    usdPerHour.a = 3.6;
    await vi.advanceTimersByTimeAsync(1000);
    expect(watch.usdPer1k('a')).toBeCloseTo(1);
  });

  it('keeps the last price while the endpoint is down, and says so once', async () => {
    const watch = watchPrices();
    await vi.advanceTimersByTimeAsync(0);
    usdPerHour.a = new LinkError('connection', 'down');
    await vi.advanceTimersByTimeAsync(5000);
    expect(watch.usdPer1k('a')).toBeCloseTo(0.1);
    usdPerHour.a = 0.36;
    await vi.advanceTimersByTimeAsync(1000);
    expect(events).toEqual(['price of a not known, the last one holds: down', 'price of a known again']);
  });

  it('tells of each reading, and which was another price than before', async () => {
    const onReading = vi.fn();
    watchPrices(onReading);
    await vi.advanceTimersByTimeAsync(1500);
    usdPerHour.b = 1;
    await vi.advanceTimersByTimeAsync(1000);
    expect(onReading.mock.calls).toEqual([
      ['a', true],
      ['b', true],
      ['a', false],
      ['b', false],
      ['a', false],
      ['b', true],
    ]);
  });
});

describe('the cost guard', () => {
  it('finds a link too dear from its price on, and tells when it leaves and when it comes back', async () => {
    const watch: PriceWatch = watchPrices((id) => guard.review(id));
    const guard = createCostGuard(
      policy,
      ['a', 'b'],
      watch.usdPer1k,
      createAnnounce((text) => events.push(text)),
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(guard.isTooDear('a')).toBe(false);
    usdPerHour.a = 1.476;
    await vi.advanceTimersByTimeAsync(1000);
    expect([guard.isTooDear('a'), guard.isTooDear('b')]).toEqual([true, false]);
    usdPerHour.a = 0.36;
    await vi.advanceTimersByTimeAsync(1000);
    expect(guard.isTooDear('a')).toBe(false);
    expect(events).toEqual([
      'cost guard left a: 0.41 USD per 1k over 0.2',
      'cost guard came back to a: 0.1 USD per 1k within 0.2',
    ]);
  });

  it('does not hold a link too dear whose price is not known', () => {
    expect(createCostGuard(policy, ['a'], () => undefined, createAnnounce(undefined)).isTooDear('a')).toBe(false);
  });

  it('says that there is nothing to leave for when every link is over the limit', () => {
    const guard = createCostGuard(
      policy,
      ['a', 'b'],
      () => 0.5,
      createAnnounce((text) => events.push(text)),
    );
    guard.review('a');
    expect(events).toEqual(['cost guard finds no link within the limit, not even a: 0.5 USD per 1k over 0.2']);
  });

  it('holds nothing too dear when the design has it off', () => {
    expect(createCostGuard(false, ['a'], () => 1000, createAnnounce(undefined)).isTooDear('a')).toBe(false);
  });
});
