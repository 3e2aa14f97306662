import type { ProviderName } from '../../../mocks/emulator.ts';
import type { Authorize } from './access.ts';
import { authorizeAws } from './aws.ts';
import { authorizeAzure } from './azure.ts';
import { authorizeGoogle } from './google.ts';

/** How each provider is let in to. */
export const authorizers: Readonly<Record<ProviderName, Authorize>> = {
  aws: authorizeAws,
  google: authorizeGoogle,
  azure: authorizeAzure,
};
