import type { Hono } from 'hono';
import type { GrpcService } from '../../../mocks/shared/grpc/service.ts';
import type { Stack } from '../stack.ts';
import { addRestRoutes } from './rest.ts';

/** Doors of HTTP: each adds its paths. The last has the answer for a path that there is not. */
export const httpDoors: readonly ((app: Hono, stack: Stack) => void)[] = [addRestRoutes];

/** Doors of gRPC: each makes its service. */
export const grpcDoors: readonly ((stack: Stack) => GrpcService)[] = [];
