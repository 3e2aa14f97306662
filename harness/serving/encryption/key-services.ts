import type { ProviderName } from '../../../mocks/emulator.ts';
import { awsKeyService } from './aws-kms.ts';
import { azureKeyService } from './azure-key-vault.ts';
import { googleKeyService } from './google-kms.ts';
import type { KeyLink } from './key-link.ts';
import type { KeyChoice, KeyService } from './key-service.ts';

/** The key service of each cloud. */
export const keyServices: Readonly<Record<ProviderName, (link: KeyLink, choice: KeyChoice) => KeyService>> = {
  aws: awsKeyService,
  google: googleKeyService,
  azure: azureKeyService,
};
