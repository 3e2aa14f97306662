import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../harness/package-root.ts';
import { toxicKinds } from '../../harness/wire/toxics/index.ts';
import { toxicsTable } from '../../harness/wire/toxics/toxics-table.ts';
import { metricsOf } from '../../harness/wire/toxiproxy/metrics.ts';

const page = readFileSync(join(packageRoot, 'docs', 'wire.md'), 'utf8');

describe('docs/wire.md', () => {
  it('has the table of toxics that their schemas say; node scripts/write-toxics-table.ts writes it', () => {
    expect(page).toContain(`\n\n${toxicsTable(toxicKinds.values())}\n`);
  });

  it('names every metric', () => {
    for (const { name } of metricsOf([])) expect(page).toContain(`\`${name}\``);
  });
});
