import { installLight } from '../../harness/world/fetch/install.ts';
import { batchPredictions } from '../../harness/world/live/batch-predictions.ts';
import { runChild } from '../../harness/world/live/child-main.ts';
import { mount } from '../../harness/world/live/mount.ts';
import { createOnnxRuntime } from '../../harness/world/live/onnx-runtime.ts';
import type { EndpointOrigin, FromEmulator, ToEmulator } from '../../harness/world/live/protocol.ts';
import type { FetchHandler } from '../../mocks/emulator.ts';
import { PORTLESS } from './portless.ts';

/** Entry of the emulator's process: as a run's, and each endpoint a second time for callers who sign for a host without its port. */
installLight();
const { aws } = await import('../../mocks/aws/provider.ts');

/** As behind a proxy that writes Host anew; else the same handler. */
const withoutPort =
  (fetch: FetchHandler): FetchHandler =>
  (request) => {
    request.headers.set('host', new URL(request.url).hostname);
    return fetch(request);
  };

runChild<ToEmulator, FromEmulator>(async (message, send) => {
  if (message.type !== 'start') return;
  const models = batchPredictions(await createOnnxRuntime([message.config.model]));
  const { endpoints } = await aws.createEmulator(message.config, { models });
  const origins: EndpointOrigin[] = [];
  for (const { definition, region, fetch } of endpoints) {
    origins.push({ region, service: definition.service, origin: (await mount(fetch)).origin });
    origins.push({ region, service: `${definition.service}${PORTLESS}`, origin: (await mount(withoutPort(fetch))).origin });
  }
  send({ type: 'ready', endpoints: origins });
});
