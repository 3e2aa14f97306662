import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { providerPage } from '../harness/emulators/provider-page.ts';
import { providerRows } from '../harness/emulators/provider-table.ts';
import { packageRoot } from '../harness/package-root.ts';
import { clouds } from '../mocks/clouds.ts';

// docs/providers.md, from the table of services: to be run when a row has changed.
writeFileSync(join(packageRoot, 'docs', 'providers.md'), providerPage(providerRows(clouds)));
