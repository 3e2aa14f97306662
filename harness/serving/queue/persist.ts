import { sleep } from '../abort.ts';
import { BrokerUnavailable } from './job-queue.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/** Pauses between tries that grow, each a random part of itself: workers that lost one broker do not come back as one. */
export const createPauses = () => {
  let nextMs = FIRST_PAUSE_MS;
  return {
    nextMs(): number {
      const ms = nextMs;
      nextMs = Math.min(LONGEST_PAUSE_MS, ms * 2);
      return ms * (0.5 + Math.random() / 2);
    },
    reset() {
      nextMs = FIRST_PAUSE_MS;
    },
  };
};

/**
 * Asks a broker until it answers: what is asked for must do no harm when it is done twice.
 * @throws whatever `ask` throws but `BrokerUnavailable`; the signal's reason when it aborts
 */
export const persist = async <Result>(ask: (signal: AbortSignal) => Promise<Result>, signal: AbortSignal): Promise<Result> => {
  const pauses = createPauses();
  for (;;) {
    try {
      return await ask(signal);
    } catch (error) {
      if (!(error instanceof BrokerUnavailable)) throw error;
      await sleep(pauses.nextMs(), signal);
    }
  }
};
