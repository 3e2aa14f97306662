import type { UsageReport } from '../control.ts';
import type { RegionConfig } from '../emulator.ts';
import type { ModelRuntime, Prediction } from '../models/runtime.ts';
import { createTokenBucket, type TokenBucket } from '../shared/token-bucket.ts';
import { createMeter, type Meter } from './meter.ts';
import { drawServiceTimeMs } from './service-time.ts';
import { createServiceWait } from './service-wait.ts';
import { createSlots, QueueFull } from './slots.ts';

/** The endpoint takes no more: over its quota, or all slots and queue places taken. Each provider has its own words for it. */
export class CapacityExceeded extends Error {
  override readonly name = 'CapacityExceeded';
  readonly reason: 'quota' | 'queue-full';
  constructor(reason: 'quota' | 'queue-full') {
    super(`capacity exceeded: ${reason}`);
    this.reason = reason;
  }
}

/** What stands behind one provider's inference endpoint in one region: instance slots, a queue, a quota, a model and a meter. */
export interface InferenceBackend {
  readonly service: string;
  readonly region: RegionConfig;
  /**
   * Predicts each row; the whole batch holds one slot for one drawn service time.
   * @throws {CapacityExceeded} when the quota or the queue is full
   * @throws {ModelInputError} when a row does not fit the model
   */
  predict(inputs: readonly (readonly number[])[]): Promise<readonly Prediction[]>;
  /** `null` lifts the quota. */
  setQuota(requestsPerS: number | null): void;
  setPriceMultiplier(multiplier: number): void;
  /** Price in force, US dollars an instance hour. */
  readonly usdPerHour: number;
  usage(): UsageReport;
  /** For whoever changes how many instances stand there. */
  readonly meter: Meter;
}

/** @param model name in the model runtime */
export const createInferenceBackend = (
  service: string,
  region: RegionConfig,
  model: string,
  models: ModelRuntime,
): InferenceBackend => {
  const { capacity } = region;
  const slots = createSlots(capacity.concurrency, capacity.queueLimit);
  const serviceWait = createServiceWait();
  let quota: TokenBucket | null = null;
  const meter = createMeter(service, region);

  const serve = async (inputs: readonly (readonly number[])[]) => {
    const serviceTimeMs = drawServiceTimeMs(capacity);
    const startedAtMs = performance.now();
    const results = await models.predict(model, inputs);
    // The model's own computing time counts towards the service time: what is left is waited for.
    await serviceWait.wait(serviceTimeMs - (performance.now() - startedAtMs));
    // Billed by the drawn time, not the measured one, so that a busy machine does not raise the price.
    meter.served(results, serviceTimeMs);
    return results;
  };

  return {
    service,
    region,
    async predict(inputs) {
      if (quota && !quota.tryTake()) throw new CapacityExceeded('quota');
      try {
        return await slots.run(() => serve(inputs));
      } catch (error) {
        throw error instanceof QueueFull ? new CapacityExceeded('queue-full') : error;
      }
    },
    setQuota(requestsPerS) {
      quota = requestsPerS === null ? null : createTokenBucket(requestsPerS);
    },
    setPriceMultiplier: meter.setPriceMultiplier,
    get usdPerHour() {
      return meter.usdPerHour;
    },
    usage: meter.usage,
    meter,
  };
};
