import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../harness/package-root.ts';

test('the package root holds the package.json of squall itself', () => {
  const { name } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  expect(name).toBe('squall');
});
