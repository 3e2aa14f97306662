import type { ProviderName } from '../../../mocks/emulator.ts';
import { awsKeyService } from './aws-kms.ts';
import { azureKeyService } from './azure-key-vault.ts';
import { googleKeyService } from './google-kms.ts';
import type { KeyLink } from './key-link.ts';
import type { KeyService } from './key-service.ts';

/** The key service of each cloud. @param keyName name of the key: an alias (AWS), a key in a ring of the same name (Google), a key (Azure) */
export const keyServices: Readonly<Record<ProviderName, (link: KeyLink, keyName: string) => KeyService>> = {
  aws: awsKeyService,
  google: googleKeyService,
  azure: azureKeyService,
};
