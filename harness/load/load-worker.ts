import { parentPort, workerData } from 'node:worker_threads';
import type { LoadSpec } from './drive-over.ts';
import { drive } from './driver.ts';
import type { ProbeRecord } from './identity/load-identity.ts';
import type { RequestRecord } from './sample.ts';
import { loadSamples } from './samples.ts';

/** What the worker tells its parent. */
export type WorkerMessage =
  | { readonly type: 'records'; readonly records: readonly RequestRecord[] }
  | { readonly type: 'probes'; readonly records: readonly ProbeRecord[] }
  | { readonly type: 'secrets'; readonly secrets: readonly string[] }
  /** The last message: no arrival is left, and every record has been sent. */
  | { readonly type: 'done' };

/** What the parent tells the worker: stop at once. */
export type ParentMessage = 'stop';

/** Longest that a record waits for its batch, milliseconds. */
const FLUSH_MS = 50;

const spec = workerData as LoadSpec;
const port = parentPort!;
let batch: RequestRecord[] = [];
let probes: ProbeRecord[] = [];

const flush = () => {
  if (batch.length > 0) port.postMessage({ type: 'records', records: batch } satisfies WorkerMessage);
  batch = [];
  if (probes.length > 0) port.postMessage({ type: 'probes', records: probes } satisfies WorkerMessage);
  probes = [];
};
const flushing = setInterval(flush, FLUSH_MS);
const load = await drive({
  ...spec,
  samples: loadSamples(spec.plan.model),
  onRecord: (record) => batch.push(record),
  onProbe: (record) => probes.push(record),
  onSecret: (token) => port.postMessage({ type: 'secrets', secrets: [token] } satisfies WorkerMessage),
});
port.on('message', (_message: ParentMessage) => void load.stop());

await load.done;
clearInterval(flushing);
flush();
port.postMessage({ type: 'done' } satisfies WorkerMessage);
port.close();
