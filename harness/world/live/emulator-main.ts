import type { EmulatedEndpoint, FetchHandler, ProviderEmulator } from '../../../mocks/emulator.ts';
import { serverTls } from '../../tls/own-identity.ts';
import { installLight } from '../fetch/install.ts';
import { secretsInAnswer } from '../redactor.ts';
import { batchPredictions } from './batch-predictions.ts';
import { runChild } from './child-main.ts';
import { mount } from './mount.ts';
import { createOnnxRuntime } from './onnx-runtime.ts';
import type { EndpointOrigin, FromEmulator, ToEmulator } from './protocol.ts';

/** Entry of an emulator's process: one provider, each of its endpoints on a port of its own. */
installLight();
const { providers } = await import('../../../mocks/providers.ts');

let emulator: ProviderEmulator | undefined;

/** Squall hears of each secret before the caller has it: from then on it may stand in whatever is printed. */
const tellingSecrets =
  ({ definition: { role }, fetch }: EmulatedEndpoint, onSecrets: (secrets: readonly string[]) => void): FetchHandler =>
  async (request) => {
    const answer = await fetch(request);
    const secrets = await secretsInAnswer(role, answer);
    if (secrets.length > 0) onSecrets(secrets);
    return answer;
  };

const start = async (
  { config }: Extract<ToEmulator, { type: 'start' }>,
  send: (message: FromEmulator) => void,
): Promise<readonly EndpointOrigin[]> => {
  const models = batchPredictions(await createOnnxRuntime([config.model]));
  emulator = await providers[config.provider].createEmulator(config, {
    models,
    onEvent: (text) => send({ type: 'event', text: `${config.provider}/${text}` }),
  });
  return Promise.all(
    emulator.endpoints.map(async (endpoint) => {
      const { origin } = await mount(
        tellingSecrets(endpoint, (secrets) => send({ type: 'secrets', secrets })),
        { identity: serverTls() },
      );
      return { region: endpoint.region, service: endpoint.definition.service, origin };
    }),
  );
};

runChild<ToEmulator, FromEmulator>(async (message, send) => {
  if (message.type === 'start') {
    send({ type: 'ready', endpoints: await start(message, send) });
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
