import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { providerPage } from '../../harness/emulators/provider-page.ts';
import { providerRows } from '../../harness/emulators/provider-table.ts';
import { packageRoot } from '../../harness/package-root.ts';
import { clouds } from '../../mocks/clouds.ts';

describe('docs/providers.md', () => {
  it('is what the table of services says; node scripts/write-provider-page.ts writes it', () => {
    expect(readFileSync(join(packageRoot, 'docs', 'providers.md'), 'utf8')).toBe(providerPage(providerRows(clouds)));
  });
});

describe('the table of services', () => {
  it('names each service of a cloud once, in at least two regions unless it has none', () => {
    const rows = providerRows(clouds);
    expect(new Set(rows.map(({ cloud, service }) => `${cloud}/${service}`)).size).toBe(rows.length);
    for (const { regions } of rows) if (regions[0] !== 'global') expect(regions.length).toBeGreaterThanOrEqual(2);
  });
});
