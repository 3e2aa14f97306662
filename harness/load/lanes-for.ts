import type { Transport } from './doors/door.ts';
import type { CreateLanes } from './lane.ts';

/** Real connections, by what they speak. Loaded for who asks: a load needs one of them, and their libraries take long to load. */
const lanesBy: Readonly<Record<Transport, () => Promise<CreateLanes>>> = {
  http: async () => (await import('./http-lanes.ts')).createHttpLanes,
  grpc: async () => (await import('./grpc-lanes.ts')).createGrpcLanes,
};

export const lanesFor = (transport: Transport): Promise<CreateLanes> => lanesBy[transport]();
