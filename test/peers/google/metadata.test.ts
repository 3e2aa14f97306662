import { PredictionServiceClient } from '@google-cloud/aiplatform';
import * as gcpMetadata from 'gcp-metadata';
import { Compute, GoogleAuth } from 'google-auth-library';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ENDPOINT_ID } from '../../../mocks/google/account.ts';
import { google } from '../../../mocks/google/cloud.ts';
import { createComputeProject, TIMINGS } from '../../../mocks/google/compute/project.ts';
import { clientOptions, exchangingJwt, mountGoogleCloud } from '../../support/google-cloud.ts';
import { instanceOf } from '../../support/google-compute.ts';

const ZONE = 'us-central1-a';
const FLAVOR = { headers: { 'metadata-flavor': 'Google' } };

let cloud: Awaited<ReturnType<typeof mountGoogleCloud>>;

const readAt = (path: string, region = 'us-central1', init: RequestInit = FLAVOR) =>
  fetch(`${cloud.origin('metadata', region)}/computeMetadata/v1/${path}`, init);

/** Starts a spot instance through the API, and lets it come up. */
const startSpot = async () => {
  const jwt = exchangingJwt(cloud.credential, cloud.origin('oauth2'));
  const { access_token: token } = await jwt.authorize();
  const spot = { scheduling: { provisioningModel: 'SPOT' }, metadata: { items: [{ key: 'role', value: 'worker' }] } };
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const response = await fetch(`${cloud.origin('compute')}/compute/v1/projects/${cloud.projectId}/zones/${ZONE}/instances`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(instanceOf(ZONE, 'spot', 'e2-small', spot)),
  });
  expect(response.status).toBe(200);
  await vi.advanceTimersByTimeAsync(TIMINGS.provisioning + TIMINGS.staging);
};

beforeEach(async () => {
  cloud = await mountGoogleCloud();
  vi.stubEnv('GCE_METADATA_HOST', new URL(cloud.origin('metadata', 'us-central1')).host);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await cloud.close();
});

describe('given libraries that look for the metadata server', () => {
  it('when they ask where they are, then it tells the project and the machine', async () => {
    expect(await gcpMetadata.project('project-id')).toBe(cloud.projectId);
    expect(await gcpMetadata.universe('universe-domain')).toBe('googleapis.com');
    expect(await gcpMetadata.instance('zone')).toMatch(/^projects\/\d{12}\/zones\/us-central1-a$/);
    expect(await (await readAt('instance/zone', 'europe-west4')).text()).toMatch(/\/zones\/europe-west4-a$/);
  });

  it('when a client has no key file, then it takes its tokens there, and they open Vertex AI', async () => {
    const auth = new GoogleAuth({ authClient: new Compute(), projectId: cloud.projectId });
    const options = clientOptions(cloud.origin('aiplatform', 'us-central1'), cloud.credential);
    const client = new PredictionServiceClient({ ...options, auth: auth as never });
    const endpoint = `projects/${cloud.projectId}/locations/us-central1/endpoints/${ENDPOINT_ID}`;
    const httpBody = { data: Buffer.from(JSON.stringify({ instances: [Array.from({ length: 64 }, () => 0)] })) };
    expect((await client.rawPredict({ endpoint, httpBody }))[0].data).toBeDefined();
    await client.close();
  });

  it('when the key is revoked, then there are no tokens to be had until there is another', async () => {
    await cloud.account.control({ type: 'revoke-credential', replacementAfterMs: null });
    expect((await readAt('instance/service-accounts/default/token')).status).toBe(404);
    await cloud.account.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    expect((await readAt('instance/service-accounts/default/token')).status).toBe(200);
  });

  it('when an account is asked for whole, as in Python, then it comes as JSON', async () => {
    const response = await readAt('instance/service-accounts/default/?recursive=true');
    expect(await response.json()).toEqual({
      aliases: ['default'],
      email: cloud.credential.clientEmail,
      scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    });
    expect(response.headers.get('metadata-flavor')).toBe('Google');
  });

  it.each([
    ['the header is missing', {}, 'Missing Metadata-Flavor:Google header.'],
    [
      'the request came through a proxy',
      { headers: { 'metadata-flavor': 'Google', 'x-forwarded-for': '192.0.2.1' } },
      'X-Forwarded-For',
    ],
  ])("when %s, then it is refused by the front end's page, which says why", async (_what, init, why) => {
    const response = await readAt('instance/zone', 'us-central1', init);
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const page = await response.text();
    expect(page).toContain(
      'Your client does not have permission to get URL <code>/computeMetadata/v1/instance/zone</code> from this server.',
    );
    expect(page).toContain(why);
  });
});

describe('given a spot instance', () => {
  it('when its region is interrupted, then a caller that waits is told that it is preempted', async () => {
    await startSpot();
    expect(await gcpMetadata.instance('name')).toBe('spot');
    expect(await gcpMetadata.instance('attributes/role')).toBe('worker');
    expect(await gcpMetadata.instance('scheduling/preemptible')).toBe('TRUE');
    expect(await gcpMetadata.instance('preempted')).toBe('FALSE');

    const etag = (await readAt('instance/preempted')).headers.get('etag');
    const waiting = readAt(`instance/preempted?wait_for_change=true&last_etag=${etag}`);
    await cloud.account.control({ type: 'interrupt-instances', region: 'us-central1' });
    expect(await (await waiting).text()).toBe('TRUE');
    // A caller that comes late has missed nothing: it names what it saw.
    expect(await (await readAt(`instance/preempted?wait_for_change=true&last_etag=${etag}`)).text()).toBe('TRUE');
    expect(await (await readAt('instance/preempted', 'europe-west4')).text()).toBe('FALSE');
  });

  it('when nothing changes, then the wait is over after its time', async () => {
    await startSpot();
    const waiting = cloud.fetch(
      'metadata',
      'us-central1',
    )(
      new Request(
        'http://metadata.google.internal/computeMetadata/v1/instance/preempted?wait_for_change=true&timeout_sec=5',
        FLAVOR,
      ),
    );
    await vi.advanceTimersByTimeAsync(5000);
    expect(await (await waiting).text()).toBe('FALSE');
  });
});

it('the zones of every region are its own', () => {
  const { zones } = createComputeProject('p', google.regions);
  expect(new Set(zones).size).toBe(zones.length);
});
