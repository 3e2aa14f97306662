import type { UsageReport } from '../control.ts';
import type { RegionConfig } from '../emulator.ts';
import type { ModelRuntime, Prediction } from '../models/runtime.ts';
import { createTokenBucket, type TokenBucket } from '../shared/token-bucket.ts';
import { type Capacity, type Host, NoHost, QueueFull } from './capacity.ts';
import { createCapacity } from './create-capacity.ts';
import { createMeter, type Meter } from './meter.ts';
import { drawServiceTimeMs } from './service-time.ts';
import { createServiceWait } from './service-wait.ts';
import { createSubjectCount } from './subjects.ts';

/** The endpoint takes no more: over its quota, or all slots and queue places taken. Each provider has its own words for it. */
export class CapacityExceeded extends Error {
  override readonly name = 'CapacityExceeded';
  readonly reason: 'quota' | 'queue-full';
  constructor(reason: 'quota' | 'queue-full') {
    super(`capacity exceeded: ${reason}`);
    this.reason = reason;
  }
}

/** Nothing serves, or what served was taken away: the endpoint answers that it is not available. */
export class EndpointUnavailable extends Error {
  override readonly name = 'EndpointUnavailable';
}

/** An instance that is not well has failed a prediction. */
export class PredictionFailed extends Error {
  override readonly name = 'PredictionFailed';
}

/** What stands behind one provider's inference endpoint in one region: instances or environments, a queue, a quota, a model and a meter. */
export interface InferenceBackend {
  readonly service: string;
  readonly region: RegionConfig;
  /** What runs the predictions, for faults. */
  readonly capacity: Pick<Capacity, 'interrupt' | 'setSpotAvailable' | 'degrade'>;
  /**
   * Predicts each row; the whole batch holds one slot for one drawn service time.
   * @throws {CapacityExceeded} when the quota or the queue is full
   * @throws {EndpointUnavailable} when no instance serves
   * @throws {PredictionFailed} when the instance is not well
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

/** @param model name in the model runtime @param onEvent told of what comes and goes behind the endpoint, with its region and service */
export const createInferenceBackend = (
  service: string,
  region: RegionConfig,
  model: string,
  models: ModelRuntime,
  onEvent?: (text: string) => void,
): InferenceBackend => {
  const serviceWait = createServiceWait();
  const subjects = region.owners && createSubjectCount(region.owners);
  let quota: TokenBucket | null = null;
  const meter = createMeter(service, region);
  const capacity = createCapacity(region, meter, (text) => onEvent?.(`${region.region}/${service} ${text}`));

  const serve = async (inputs: readonly (readonly number[])[], host: Host) => {
    if (host.errorShare > 0 && Math.random() < host.errorShare) throw new PredictionFailed('the instance is not well');
    const serviceTimeMs = drawServiceTimeMs(region.capacity) * host.slowdown;
    const startedAtMs = performance.now();
    const results = await models.predict(model, inputs);
    // The model's own computing time counts towards the service time: what is left is waited for.
    await serviceWait.wait(serviceTimeMs - (performance.now() - startedAtMs));
    // Billed by the drawn time, not the measured one, so that a busy machine does not raise the price.
    if (!host.isGone) meter.served(results, serviceTimeMs);
    return results;
  };

  return {
    service,
    region,
    capacity,
    async predict(inputs) {
      subjects?.saw(inputs);
      capacity.onRequest();
      if (quota && !quota.tryTake()) throw new CapacityExceeded('quota');
      try {
        return await capacity.run((host) => serve(inputs, host));
      } catch (error) {
        if (error instanceof QueueFull) throw new CapacityExceeded('queue-full');
        throw error instanceof NoHost ? new EndpointUnavailable(error.message) : error;
      }
    },
    setQuota(requestsPerS) {
      quota = requestsPerS === null ? null : createTokenBucket(requestsPerS);
    },
    setPriceMultiplier: meter.setPriceMultiplier,
    get usdPerHour() {
      return meter.usdPerHour;
    },
    usage: () => ({ ...meter.usage(), ...(subjects ? { subjects: subjects.counts() } : {}) }),
    meter,
  };
};
