import { type Capacity, type Host, QueueFull } from './capacity.ts';
import type { ServerlessConfig } from './deployment.ts';

export interface ServerlessOptions {
  readonly config: ServerlessConfig;
  /** From the request that needs a new environment until that has the model loaded, milliseconds. */
  readonly coldStartMs: number;
  announce(text: string): void;
}

/** Environments and what they do, for tests. */
export interface Serverless extends Capacity {
  /** Environments that are warm or warming. */
  readonly environments: number;
}

/** Of many cold starts in a row the first is announced, and how many came with it when they have ceased for so long. */
const QUIET_MS = 1000;

/** Cold starts as events: a burst is two lines, not a hundred. */
const createColdStartNews = (coldStartMs: number, announce: (text: string) => void) => {
  let more = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    if (timer === undefined) announce(`cold start of ${coldStartMs / 1000} s`);
    else {
      clearTimeout(timer);
      more += 1;
    }
    timer = setTimeout(() => {
      if (more > 0) announce(`${more} more cold start${more === 1 ? '' : 's'}`);
      more = 0;
      timer = undefined;
    }, QUIET_MS);
  };
};

/** An environment of its own kind of trouble is replaced by the service: nothing is wrong with any. */
const WELL: Host = { slowdown: 1, errorShare: 0, isGone: false };

/**
 * An endpoint without instances. A request takes the environment that was used last, so that the others may go; where all are busy a new one is
 * started, and the request waits for it; above the limit it is throttled at once, without a queue.
 *
 * Sources: SageMaker API reference, ProductionVariantServerlessConfig (MaxConcurrency and ProvisionedConcurrency 1 to 200, the latter not above the former;
 * memory 1 to 6 GB), and AWS's announcement of provisioned concurrency, May 2023 (cold starts after no traffic, and when concurrent requests
 * exceed the current usage). Copies, read November 2026. How long an idle environment lives AWS does not say.
 */
export const createServerless = ({ config, coldStartMs, announce }: ServerlessOptions): Serverless => {
  const { maxConcurrency, provisionedConcurrency, keepAliveMs } = config;
  const onColdStart = createColdStartNews(coldStartMs, announce);
  /** When each idle one beyond the provisioned was used last, the longest ago first. */
  const idleSinceMs: number[] = [];
  let provisionedIdle = provisionedConcurrency;
  let environments = provisionedConcurrency;
  let sweep: ReturnType<typeof setTimeout> | undefined;

  const planSweep = () => {
    const [oldest] = idleSinceMs;
    if (oldest === undefined || sweep !== undefined) return;
    sweep = setTimeout(
      () => {
        sweep = undefined;
        const nowMs = performance.now();
        while (idleSinceMs.length > 0 && nowMs - idleSinceMs[0]! >= keepAliveMs) {
          idleSinceMs.shift();
          environments -= 1;
        }
        if (environments === 0) announce('scaled to zero');
        planSweep();
      },
      Math.max(1, Math.ceil(oldest + keepAliveMs - performance.now())),
    );
  };

  /** @returns whether it is a provisioned one */
  const acquire = async (): Promise<boolean> => {
    if (provisionedIdle > 0) {
      provisionedIdle -= 1;
      return true;
    }
    if (idleSinceMs.pop() !== undefined) return false;
    if (environments >= maxConcurrency) throw new QueueFull('as many requests as the endpoint takes at a time');
    environments += 1;
    onColdStart();
    await new Promise((resolve) => setTimeout(resolve, coldStartMs));
    return false;
  };

  return {
    async run(task) {
      const isProvisioned = await acquire();
      try {
        return await task(WELL);
      } finally {
        if (isProvisioned) provisionedIdle += 1;
        else {
          idleSinceMs.push(performance.now());
          planSweep();
        }
      }
    },
    get environments() {
      return environments;
    },
    onRequest: () => undefined,
    interrupt: () => undefined,
    setSpotAvailable: () => undefined,
    degrade: () => undefined,
  };
};
