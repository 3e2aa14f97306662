import { createGateway } from '../../serving/gateway.ts';
import { runChild } from './child-main.ts';
import { mount } from './mount.ts';
import { createOnnxRuntime } from './onnx-runtime.ts';
import type { FromGateway, ToGateway } from './protocol.ts';

/** What the degrade ladder's local model is: the cheaper, less accurate one. */
const LOCAL_MODELS = ['digits-small'];

/** Entry of the gateway's process: the reference serving stack on a port. */
runChild<ToGateway, FromGateway>(async ({ config, port }, send) => {
  const gateway = createGateway(config, {
    models: await createOnnxRuntime(LOCAL_MODELS),
    onEvent: (text) => send({ type: 'event', text }),
  });
  const { origin } = await mount(gateway.fetch, { port });
  await gateway.start();
  send({ type: 'ready', origin });
});
