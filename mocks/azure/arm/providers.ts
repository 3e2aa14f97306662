import type { FetchHandler } from '../../emulator.ts';
import type { AzureAccount } from '../account.ts';
import { createComputeHandlers } from '../compute/handlers.ts';
import { COMPUTE_ROUTES } from '../compute/routes.ts';
import { createMlHandlers } from '../ml/handlers.ts';
import { ML_ROUTES } from '../ml/routes.ts';
import { createResourceManager } from './resource-manager.ts';

/**
 * Resource Manager with every provider that is emulated: all of them are at one host name, whichever a client is pointed to.
 * @param service the row of the table of services whose endpoint it is
 */
export const createFront = (account: AzureAccount, service: string, region: string): FetchHandler =>
  createResourceManager(account, service, region, [
    { service: 'compute', routes: COMPUTE_ROUTES, handlers: createComputeHandlers(account) },
    { service: 'machine-learning', routes: ML_ROUTES, handlers: createMlHandlers(account) },
  ]);
