import { createGateway } from '../../../serving/gateway.ts';
import type { SimSut, SutContext } from './simulate.ts';

/** The reference serving stack. */
export const createReferenceSut = async ({ config, models, onEvent, onObservation }: SutContext): Promise<SimSut> =>
  createGateway(config, { models, onEvent, onObservation });
