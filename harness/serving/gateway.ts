import { Hono } from 'hono';
import type { FetchHandler } from '../../mocks/emulator.ts';
import type { GrpcService } from '../../mocks/shared/grpc/service.ts';
import type { GatewayConfig } from './config.ts';
import { failureResponse } from './doors/failure-response.ts';
import { grpcDoors, httpDoors } from './doors/index.ts';
import { messageOf } from './errors.ts';
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
  return {
    fetch: async (request) => app.fetch(request),
    grpc: grpcDoors.map((createService) => createService(stack)),
    start: stack.start,
    stop: stack.stop,
  };
};
