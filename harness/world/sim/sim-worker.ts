import { parentPort, workerData } from 'node:worker_threads';
import { loadSamples } from '../../load/samples.ts';
import { installReplacements } from '../fetch/replacements.ts';
import { createOnnxRuntime } from '../live/onnx-runtime.ts';
import { createSimClock } from './clock.ts';
import { installEscapeGuard, SimEscape } from './globals/escapes.ts';
import { installGlobals } from './globals/install.ts';
import type { FromSimWorker, SimWorkerData, ToSimWorker } from './protocol.ts';
import type { SimEnd } from './run/simulate.ts';

/**
 * Entry of a simulating thread. What needs the real world (model files, samples) is done first; then the globals become virtual, and only then is
 * anything imported that the simulated world consists of.
 */
const MODELS = ['digits', 'digits-small'];

const data = workerData as SimWorkerData;
const port = parentPort!;
const samples = loadSamples('digits');
const runtime = await createOnnxRuntime(MODELS);

const clock = createSimClock(setImmediate);
const globals = installGlobals(clock, data.sut !== undefined);
const guard = installEscapeGuard();
if (!data.sut) {
  installReplacements();
  // Nobody reads the stacks of errors that the stack handles, and making them takes longer than all else that is done for it.
  Error.stackTraceLimit = 0;
}

const { createSimModels } = await import('./run/models.ts');
const { simulate } = await import('./run/simulate.ts');
const { createWireRows } = await import('./run/wire-rows.ts');
const { CHECK_ROW } = await import('../../serving/open-inference.ts');
const models = await createSimModels(runtime, MODELS, [...samples.map(({ pixels }) => pixels), CHECK_ROW], clock.hold);
const rows = createWireRows(
  samples.map(({ pixels }) => pixels),
  CHECK_ROW,
);
const createSut = data.sut
  ? (await import('./run/user-sut.ts')).createUserSut(data.sut)
  : (await import('./run/reference-sut.ts')).createReferenceSut;

/** Whoever runs now hears how it ends. */
let onEnd: ((end: SimEnd) => void) | undefined;

const describe = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

process.on('uncaughtException', (error) => {
  if (error instanceof SimEscape) onEnd?.({ type: 'broken', text: error.message });
  else onEnd?.({ type: 'sut-exited', text: `the system under test fell over an error that nothing caught: ${describe(error)}` });
});

const watch = (listener: (end: SimEnd) => void) => {
  onEnd = listener;
  return {
    guard: () => guard.arm(({ message }) => listener({ type: 'broken', text: message })),
    stop() {
      onEnd = undefined;
      guard.disarm();
    },
  };
};

port.on('message', ({ plan, options }: ToSimWorker) => {
  const parts = { clock, globals, models, samples, rows, createSut, hasDesign: data.sut === undefined, watch };
  simulate(parts, plan, options).then(
    (result) => port.postMessage({ type: 'done', result } satisfies FromSimWorker),
    (error: unknown) => {
      const { code, remedy } = error as { readonly code?: never; readonly remedy?: string };
      const text = error instanceof Error ? error.message : String(error);
      port.postMessage({
        type: 'failed',
        text,
        ...(code === undefined ? {} : { code }),
        ...(remedy === undefined ? {} : { remedy }),
      } satisfies FromSimWorker);
    },
  );
});
