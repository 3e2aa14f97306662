import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/package-root.ts';
import { toxicKinds } from '../harness/wire/toxics/index.ts';
import { toxicsTable } from '../harness/wire/toxics/toxics-table.ts';

// The table of docs/wire.md, from the kinds' schemas: to be run when one of them has changed.
const file = join(packageRoot, 'docs', 'wire.md');
const TABLE = /(?<=\n)\| toxic .*?\n(?!\|)/s;
writeFileSync(
  file,
  readFileSync(file, 'utf8').replace(TABLE, () => toxicsTable(toxicKinds.values())),
);
