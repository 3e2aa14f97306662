import type { DoorName } from '../../../load/doors/index.ts';
import type { HttpDoor } from '../../../serving/doors/index.ts';
import { createGateway } from '../../../serving/gateway.ts';
import type { SimSut, SutContext } from './simulate.ts';

/** The reference serving stack. */
export const createReferenceSut = async ({ config, door, models, onEvent, onObservation, hold }: SutContext): Promise<SimSut> =>
  createGateway(config, { models, onEvent, onObservation, httpDoors: await heavyDoors(door, hold) });

/** What takes long to load is loaded for those who come by it. */
const heavyDoors = async (door: DoorName, hold: SutContext['hold']): Promise<readonly HttpDoor[]> =>
  door === 'graphql' ? [(await hold(import('../../../serving/graphql/graphql-door.ts'))).addGraphqlRoutes] : [];
