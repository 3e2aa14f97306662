import type { Hono } from 'hono';
import type { GrpcService } from '../../../mocks/shared/grpc/service.ts';
import type { GatewayConfig } from '../config.ts';
import type { Stack } from '../stack.ts';
import { addDatasetRoutes } from './datasets.ts';
import { createInferenceService } from './grpc.ts';
import { addJobsRoutes } from './jobs.ts';
import { addRestRoutes } from './rest.ts';

/** A door of HTTP: it adds its paths. */
export type HttpDoor = (app: Hono, stack: Stack, config: GatewayConfig) => void;

/** Doors of HTTP. The last has the answer for a path that there is not. */
export const httpDoors: readonly HttpDoor[] = [addJobsRoutes, addDatasetRoutes, addRestRoutes];

/** Doors of gRPC: each makes its service. */
export const grpcDoors: readonly ((stack: Stack) => GrpcService)[] = [createInferenceService];
