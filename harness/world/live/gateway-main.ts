import { installResolver } from '../../names/resolver.ts';
import { createGateway } from '../../serving/gateway.ts';
import { addGraphqlRoutes } from '../../serving/graphql/graphql-door.ts';
import { runChild } from './child-main.ts';
import { mountGrpc } from './grpc-mount.ts';
import { mount } from './mount.ts';
import { createOnnxRuntime } from './onnx-runtime.ts';
import type { FromGateway, ToGateway } from './protocol.ts';

/** What the degrade ladder's local model is: the cheaper, less accurate one. */
const LOCAL_MODELS = ['digits-small'];

/** Entry of the gateway's process: the reference serving stack on a port for HTTP and one for gRPC. */
const setNames = installResolver();

runChild<ToGateway, FromGateway>(async (message, send) => {
  if (message.type === 'names') {
    setNames(message.table);
    return;
  }
  const { config, ports } = message;
  const gateway = createGateway(config, {
    models: await createOnnxRuntime(LOCAL_MODELS),
    httpDoors: [addGraphqlRoutes],
    onEvent: (text) => send({ type: 'event', text }),
  });
  const { origin } = await mount(gateway.fetch, { port: ports.http });
  const { authority } = await mountGrpc(gateway.grpc, { port: ports.grpc });
  await gateway.start();
  send({ type: 'event', text: `the gateway answers at ${origin}, and by gRPC at ${authority}` });
  send({ type: 'ready', doors: { http: origin, grpc: `http://${authority}` } });
});
