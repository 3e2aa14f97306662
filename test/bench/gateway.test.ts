import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contender } from '../../bench/gateway/contender.ts';
import { direct } from '../../bench/gateway/direct.ts';
import { startUpstream, type Upstream } from '../../bench/gateway/emulator.ts';
import { figuresOf, sampleOf } from '../../bench/gateway/figures.ts';
import { load } from '../../bench/gateway/load.ts';
import { portkey } from '../../bench/gateway/portkey.ts';
import { squall, squallShared } from '../../bench/gateway/squall.ts';
import { loadSamples } from '../../harness/load/samples.ts';

const LIMIT_MS = 120_000;
const contenders: readonly Contender[] = [direct, squall, squallShared, portkey];
const gateways = contenders.filter((contender) => contender !== direct);
/** No time limit that a busy machine would meet, and one retry: Portkey's second comes after two seconds. */
const patient = { attemptTimeoutMs: 20_000, retries: 1 };
const { pixels, label } = loadSamples('digits')[0]!;

const good = { status: 200, labels: [label], isDegraded: false };

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
}, LIMIT_MS);
afterAll(() => upstream.stop());

const answerOf = async (contender: Contender, before: Upstream) => {
  const running = await contender.start(before, pixels, patient);
  try {
    const { url, headers, body } = running.request;
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    const labels = response.ok ? running.readLabels(text) : text;
    return { status: response.status, labels, isDegraded: response.headers.has('x-squall-degraded') };
  } finally {
    await running.stop();
  }
};

describe('what the bench measures', () => {
  it.each(contenders)('$name answers with the digit of the image', { timeout: LIMIT_MS }, async (contender) => {
    expect(await answerOf(contender, upstream)).toEqual(good);
  });

  it.each(gateways)('$name goes on to the second region when the first is gone', { timeout: LIMIT_MS }, async (contender) => {
    const gone = { 'us-east-1': 'http://127.0.0.1:1' };
    const halved: Upstream = {
      ...upstream,
      runtimes: { ...upstream.runtimes, ...gone },
      portlessRuntimes: { ...upstream.portlessRuntimes, ...gone },
    };
    expect(await answerOf(contender, halved)).toEqual(good);
  });

  it('is loaded until the amount is answered', { timeout: LIMIT_MS }, async () => {
    const { request, stop } = await direct.start(upstream, pixels, patient);
    const sample = await load(direct.name, request, 2, { amount: 20 }).finally(stop);
    expect(sample.requestsPerS).toBeGreaterThan(0);
    expect(sample.p50Ms).toBeGreaterThan(0);
    expect(sample.p99Ms).toBeGreaterThanOrEqual(sample.p50Ms);
  });

  it('is no figure when answers are bad', { timeout: LIMIT_MS }, async () => {
    const { request, stop } = await direct.start(upstream, pixels, patient);
    const unsigned = { ...request, headers: { 'content-type': 'application/json' } };
    await expect(load(direct.name, unsigned, 1, { amount: 3 }).finally(stop)).rejects.toThrow('0 requests well, 3 badly');
  });
});

describe('the figures', () => {
  it('take percentiles by nearest rank, whatever the order', () => {
    const latencies = Array.from({ length: 200 }, (_, at) => ((at * 77) % 200) + 1);
    expect(sampleOf(latencies, 4)).toEqual({ requestsPerS: 50, p50Ms: 100, p99Ms: 198 });
  });

  it('hold each round against the base of the same round', () => {
    const sample = (p50Ms: number) => ({ requestsPerS: 1000 / p50Ms, p50Ms, p99Ms: 2 * p50Ms });
    const base = [sample(1), sample(10), sample(2)];
    const own = [sample(3), sample(11), sample(5)];
    expect(figuresOf(own, base)).toMatchObject({ p50Ms: 5, addedP50Ms: 2, addedP99Ms: 4 });
  });
});
