import { BrokerUnavailable } from '../serving/queue/job-queue.ts';

/** Whatever a broker's client throws is that the broker cannot be had: what it refuses is told apart before. */
export const orUnavailable = async <Result>(broker: string, work: Promise<Result>, signal: AbortSignal): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    throw new BrokerUnavailable(`${broker}: ${error instanceof Error ? error.message : String(error)}`);
  }
};
