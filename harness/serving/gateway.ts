import { Hono } from 'hono';
import type { FetchHandler } from '../../mocks/emulator.ts';
import type { GrpcService } from '../../mocks/shared/grpc/service.ts';
import type { GatewayConfig } from './config.ts';
import { failureResponse } from './doors/failure-response.ts';
import { grpcDoors, httpDoors } from './doors/index.ts';
import { messageOf } from './errors.ts';
import { guardGrpc } from './identity/guard-grpc.ts';
import { askedAtDoor, guardHttp } from './identity/guard-http.ts';
import { createStack, type GatewayDependencies } from './stack.ts';

/** The reference serving stack behind its front doors. */
export interface Gateway {
  /** The doors of HTTP. */
  readonly fetch: FetchHandler;
  /** The doors of gRPC, for whoever has HTTP/2 to mount them on. */
  readonly grpc: readonly GrpcService[];
  /** Gets the first credentials (resolving also when some cannot be had), then begins health checks and price watch. */
  start(): Promise<void>;
  /** Ends every timer, and every request that is under way. For good. */
  stop(): void;
}

/**
 * The reference serving stack: the links of the configuration with the policies of its design, behind every door of doors/index.ts.
 * @throws {TypeError} when the configuration has no links
 */
export const createGateway = (config: GatewayConfig, dependencies: GatewayDependencies): Gateway => {
  const stack = createStack(config, dependencies);
  const app = new Hono();
  for (const addRoutes of [...(dependencies.httpDoors ?? []), ...httpDoors]) addRoutes(app, stack, config);
  app.onError((error) => failureResponse('internal', messageOf(error)));
  const { identity } = config.design;
  const isHealthOpen = identity !== false && !identity.health;
  const fetch: FetchHandler = async (request) => app.fetch(request);
  const services = grpcDoors.map((createService) => createService(stack));
  return {
    // Nothing is between a request and its door where nobody asks who calls.
    fetch: identity === false ? fetch : guardHttp(fetch, stack, askedAtDoor(isHealthOpen)),
    grpc: identity === false ? services : services.map((service) => guardGrpc(service, stack, isHealthOpen)),
    start: stack.start,
    stop: stack.stop,
  };
};
