import { afterEach, beforeEach, expect, vi } from 'vitest';
import { applyPatch, type DesignPatch } from '../../harness/serving/design/patch.ts';
import { createGateway, type Gateway } from '../../harness/serving/gateway.ts';
import { ask, createFakeLinks, type FakeLink, type FakeLinks, type Seen } from './fake-links.ts';
import { rowLabelled, stubModels } from './model.ts';
import { openDesign } from './open-design.ts';

/** A gateway over fake links in virtual time. */
export interface VirtualGateway {
  readonly links: FakeLinks;
  /** What the gateway has told. */
  readonly events: readonly string[];
  /** Starts a gateway with every policy on: hedge after 150 ms, attempts of 300 ms, deadline of 1 s; patched. */
  start(patch?: DesignPatch): Promise<Gateway>;
  /** Sends a request and lets the clock run until it is answered; undefined when it is not within 5 s. */
  send(label?: number): Promise<Seen | undefined>;
  /** Sends at a constant rate for a while, and lets the clock run until all is answered. */
  sendLoad(ratePerS: number, forMs: number): Promise<readonly Seen[]>;
}

const GIVE_UP_MS = 5000;

/** The reference design with times of its own, so that tuning the reference is no change to the tests of its policies. */
const testedDesign = applyPatch(openDesign, {
  healthChecks: { intervalMs: 1000, timeoutMs: 500 },
  hedging: { afterMs: 150 },
  attemptTimeoutMs: 300,
  deadlineMs: 1000,
});

/**
 * Sets the hooks of a test file: virtual time and fake links before each test; after each the gateway is stopped, and must have left no
 * timer.
 */
export const useVirtualGateway = (...of: readonly FakeLink[]): VirtualGateway => {
  let links: FakeLinks;
  let gateway: Gateway | undefined;
  let events: string[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    events = [];
    links = createFakeLinks(...of);
    vi.stubGlobal('fetch', links.fetch);
  });

  afterEach(async () => {
    gateway?.stop();
    gateway = undefined;
    await vi.advanceTimersByTimeAsync(0);
    const timersLeft = vi.getTimerCount();
    vi.unstubAllGlobals();
    vi.useRealTimers();
    expect(timersLeft).toBe(0);
  });

  return {
    get links() {
      return links;
    },
    get events() {
      return events;
    },
    async start(patch = {}) {
      gateway = createGateway(links.config(applyPatch(testedDesign, patch)), {
        models: stubModels,
        onEvent: (text) => events.push(text),
      });
      const started = gateway.start();
      await vi.advanceTimersByTimeAsync(50);
      await started;
      return gateway;
    },
    async send(label = 3) {
      let seen: Seen | undefined;
      void ask(gateway!, [rowLabelled(label)]).then((answer) => {
        seen = answer;
      });
      for (let waitedMs = 0; waitedMs < GIVE_UP_MS && !seen; waitedMs += 1) await vi.advanceTimersByTimeAsync(1);
      return seen;
    },
    async sendLoad(ratePerS, forMs) {
      const seen: Promise<Seen>[] = [];
      for (let sent = 0; sent < (ratePerS * forMs) / 1000; sent += 1) {
        seen.push(ask(gateway!, [rowLabelled(sent % 10)]));
        await vi.advanceTimersByTimeAsync(1000 / ratePerS);
      }
      await vi.advanceTimersByTimeAsync(2000);
      return Promise.all(seen);
    },
  };
};
