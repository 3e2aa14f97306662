import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstancesClient, ZoneOperationsClient } from '@google-cloud/compute';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mountGoogleCloud, ONCE } from '../../support/google-cloud.ts';
import { instanceOf } from '../../support/google-compute.ts';

const ZONE = 'us-central1-a';

let cloud: Awaited<ReturnType<typeof mountGoogleCloud>>;
let folder: string;

beforeEach(async () => {
  cloud = await mountGoogleCloud();
  folder = mkdtempSync(join(tmpdir(), 'squall-key-file-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await cloud.close();
});

describe('given Compute clients that know the emulator by the options of docs/emulators.md, and a key file by its variable', () => {
  it('when they insert an instance and wait for it, then they sign for themselves and ask no token endpoint', async () => {
    const keyFile = join(folder, 'credentials.json');
    const { GOOGLE_CREDENTIALS = '', GOOGLE_CLOUD_PROJECT: project = '' } = cloud.cloud.environment(cloud.origin);
    writeFileSync(keyFile, GOOGLE_CREDENTIALS);
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', keyFile);
    const { hostname, port } = new URL(cloud.origin('compute'));
    const options = { apiEndpoint: hostname, port: Number(port), protocol: 'http', scopes: [] };
    const instances = new InstancesClient(options);
    const operations = new ZoneOperationsClient(options);
    const scope = { project, zone: ZONE };
    const [{ name }] = await instances.insert({ ...scope, instanceResource: instanceOf(ZONE, 'web', 'e2-small', {}) }, ONCE);
    expect((await operations.wait({ ...scope, operation: String(name) }, ONCE))[0]).toMatchObject({ status: 'DONE' });
    expect((await instances.list(scope, ONCE))[0].map((one) => one.name)).toEqual(['web']);
    await Promise.all([instances.close(), operations.close()]);
  });
});
