import { aws } from './aws/provider.ts';
import { azure } from './azure/provider.ts';
import type { ProviderDefinition, ProviderName } from './emulator.ts';
import { google } from './google/provider.ts';

/** Every provider that squall emulates, by name. */
export const providers: Readonly<Record<ProviderName, ProviderDefinition>> = { aws, google, azure };
