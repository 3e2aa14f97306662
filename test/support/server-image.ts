import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll } from 'vitest';

const BUILD_WITHIN_MS = 180_000;

/** A system under test as an image: test/e2e/fixtures/sut. */
export const SERVER_IMAGE = 'squall-test/server';

/** Builds it before the tests of a file. @param missing why it can't be: nothing is built then */
export const buildServerImage = (missing: string | undefined): void => {
  const folder = join(import.meta.dirname, '..', 'e2e', 'fixtures', 'sut');
  beforeAll(() => {
    if (missing === undefined) execFileSync('docker', ['build', '--quiet', '--tag', SERVER_IMAGE, folder]);
  }, BUILD_WITHIN_MS);
};
