import type { GatewayConfig } from '../../serving/config.ts';
import { createGateway } from '../../serving/gateway.ts';
import { addGraphqlRoutes } from '../../serving/graphql/graphql-door.ts';
import { mountGrpc } from './grpc-mount.ts';
import { mount } from './mount.ts';
import { createOnnxRuntime } from './onnx-runtime.ts';

/** What the degrade ladder's local model is: the cheaper, less accurate one. */
const LOCAL_MODELS = ['digits-small'];

export interface HostOptions {
  readonly config: GatewayConfig;
  /** An address or a name of this machine; 127.0.0.1 when left out. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly ports: { readonly http: number; readonly grpc: number };
  readonly onEvent: (text: string) => void;
}

/** The reference gateway on sockets of this process. */
export interface HostedGateway {
  /** Origins, e.g. `http://127.0.0.1:20011`. */
  readonly doors: { readonly http: string; readonly grpc: string };
  /** Takes no more requests, lets those under way end, and cuts what is left after so long. @param withinMs milliseconds */
  drain(withinMs: number): Promise<void>;
}

/**
 * Hosts the reference gateway, in one place for runs and for `squall serve`. It listens once it has its first credentials, or has failed to get
 * them: who is let in is served.
 * @throws {SquallError} `PORT_IN_USE`, `BAD_FLAG` as `mount`
 */
export const hostGateway = async ({ config, host = '127.0.0.1', ports, onEvent }: HostOptions): Promise<HostedGateway> => {
  const gateway = createGateway(config, {
    models: await createOnnxRuntime(LOCAL_MODELS),
    httpDoors: [addGraphqlRoutes],
    onEvent,
  });
  await gateway.start();
  const http = await mount(gateway.fetch, { host, port: ports.http });
  const grpc = await mountGrpc(gateway.grpc, { host, port: ports.grpc });
  onEvent(`the gateway answers at ${http.origin}, and by gRPC at ${grpc.authority}`);
  return {
    doors: { http: http.origin, grpc: `http://${grpc.authority}` },
    async drain(withinMs) {
      await Promise.all([http.drain(withinMs), grpc.drain(withinMs)]);
      gateway.stop();
    },
  };
};
