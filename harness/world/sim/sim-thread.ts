import { Worker } from 'node:worker_threads';
import { entryBeside } from '../../entry.ts';
import { SquallError } from '../../errors.ts';
import type { RunPlan } from '../world.ts';
import type { FromSimWorker, SimResult, SimRunOptions, SimWorkerData, ToSimWorker } from './protocol.ts';

/** A thread that simulates; its globals are virtual, which is why it is one. */
export interface SimThread {
  /** False once it has ended: it can run nothing more. */
  readonly isAlive: boolean;
  /** One at a time. */
  run(plan: RunPlan, options: SimRunOptions): Promise<SimResult>;
  stop(): Promise<void>;
}

/** A run makes much that dies at once: with Node's 16 MB a part of it is copied before it does, which takes a tenth of the time. */
const YOUNG_GENERATION_MB = 96;

/** Starts a thread. It does not keep the process alive unless a run is under way. */
export const startSimThread = (data: SimWorkerData, runLimitMs: number): SimThread => {
  const worker = new Worker(entryBeside('./sim-worker', import.meta.url), {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  worker.unref();
  let current: PromiseWithResolvers<SimResult> | undefined;
  let isAlive = true;

  const finish = (settle: (outcome: PromiseWithResolvers<SimResult>) => void) => {
    const outcome = current;
    current = undefined;
    worker.unref();
    if (outcome) settle(outcome);
  };
  worker.on('message', (message: FromSimWorker) =>
    finish((outcome) => {
      if (message.type === 'done') outcome.resolve(message.result);
      else outcome.reject(message.code ? new SquallError(message.code, message.text, message.remedy) : new Error(message.text));
    }),
  );
  worker.on('error', (error) => {
    isAlive = false;
    finish(({ reject }) => reject(new SquallError('GATEWAY_FAILED', `The simulation's thread broke: ${error.message}.`)));
  });
  worker.on('exit', (code) => {
    isAlive = false;
    finish(({ reject }) =>
      reject(new SquallError('GATEWAY_FAILED', `The simulation's thread ended with code ${code} in a run.`)),
    );
  });

  return {
    get isAlive() {
      return isAlive;
    },
    async run(plan, options) {
      const outcome = Promise.withResolvers<SimResult>();
      current = outcome;
      worker.ref();
      worker.postMessage({ type: 'run', plan, options } satisfies ToSimWorker);
      const limit = setTimeout(() => {
        isAlive = false;
        finish(({ reject }) =>
          reject(new SquallError('GATEWAY_FAILED', `The simulation took longer than ${runLimitMs / 1000} s of real time.`)),
        );
        void worker.terminate();
      }, runLimitMs);
      return outcome.promise.finally(() => clearTimeout(limit));
    },
    async stop() {
      isAlive = false;
      await worker.terminate();
    },
  };
};
