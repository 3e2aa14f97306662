import type { ProviderEmulator } from '../../../mocks/emulator.ts';
import { installLight } from '../fetch/install.ts';
import { batchPredictions } from './batch-predictions.ts';
import { runChild } from './child-main.ts';
import { mount } from './mount.ts';
import { createOnnxRuntime } from './onnx-runtime.ts';
import type { EndpointOrigin, FromEmulator, ToEmulator } from './protocol.ts';

/** Entry of an emulator's process: one provider, each of its endpoints on a port of its own. */
installLight();
const { providers } = await import('../../../mocks/providers.ts');

let emulator: ProviderEmulator | undefined;

const start = async (
  { config }: Extract<ToEmulator, { type: 'start' }>,
  onEvent: (text: string) => void,
): Promise<readonly EndpointOrigin[]> => {
  const models = batchPredictions(await createOnnxRuntime([config.model]));
  emulator = await providers[config.provider].createEmulator(config, {
    models,
    onEvent: (text) => onEvent(`${config.provider}/${text}`),
  });
  return Promise.all(
    emulator.endpoints.map(async ({ definition, region, fetch }) => {
      const { origin } = await mount(fetch);
      return { region, service: definition.service, origin };
    }),
  );
};

runChild<ToEmulator, FromEmulator>(async (message, send) => {
  if (message.type === 'start') {
    send({ type: 'ready', endpoints: await start(message, (text) => send({ type: 'event', text })) });
    return;
  }
  const { id } = message;
  try {
    if (message.type === 'control') await emulator!.control(message.command);
    send({ type: 'done', id, ...(message.type === 'usage' ? { usage: emulator!.usage() } : {}) });
  } catch (error) {
    send({ type: 'refused', id, text: error instanceof Error ? error.message : String(error) });
  }
});
