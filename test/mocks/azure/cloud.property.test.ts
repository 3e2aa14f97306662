import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AzureAccount } from '../../../mocks/azure/account.ts';
import { azureCloud } from '../../../mocks/azure/cloud.ts';
import { isSameSecret } from '../../../mocks/azure/same-secret.ts';
import { type Cloud, openCloud } from '../../../mocks/cloud/cloud.ts';
import { EAST } from '../../support/azure-cloud.ts';
import { stubModels } from '../../support/model.ts';

let cloud: Cloud;
let account: AzureAccount;
let armToken: string;
beforeAll(async () => {
  cloud = await openCloud(azureCloud, { models: stubModels });
  account = cloud.account as AzureAccount;
  await account.control({ type: 'set-quota', region: '*', service: '*', requestsPerS: 1_000_000 });
  const { app, authority } = account;
  armToken = await authority.issue({
    audience: 'https://management.azure.com',
    clientId: app.clientId,
    objectId: app.objectId,
    roles: [],
  });
});

const ask = async (service: string, path: string, headers: Readonly<Record<string, string>>, body?: string) => {
  const endpoint = cloud.endpoints.find(({ spec, region }) => spec.service === service && region === EAST);
  if (!endpoint) throw new Error(`no ${service}`);
  const init = body === undefined ? { headers } : { method: 'POST', headers, body };
  return endpoint.fetch(new Request(`https://azure${path}`, init));
};

const list = (token: string) =>
  ask(
    'compute',
    `/subscriptions/${account.subscriptionId}/resourceGroups/squall/providers/Microsoft.Compute/virtualMachines?api-version=2026-04-01`,
    { authorization: `Bearer ${token}` },
  );

const DOCUMENTS = JSON.stringify({ documents: [{ id: '1', text: 'good' }] });
const analyze = (key: string) =>
  ask(
    'language',
    '/text/analytics/v3.1/sentiment',
    { 'ocp-apim-subscription-key': key, 'content-type': 'application/json' },
    DOCUMENTS,
  );

/** Text with one character changed to another of the same alphabet. */
const changed = (text: string, alphabet: string) =>
  fc.tuple(fc.nat({ max: text.length - 1 }), fc.constantFrom(...alphabet)).map(([at, to]) => {
    const other = text[at] === to ? (alphabet[(alphabet.indexOf(to) + 1) % alphabet.length] ?? '') : to;
    return text.slice(0, at) + other + text.slice(at + 1);
  });

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('what was not made by the tenant opens nothing', () => {
  test('a token with any character changed is refused by Resource Manager', async () => {
    expect((await list(armToken)).status).toBe(200);
    await fc.assert(
      fc.asyncProperty(changed(armToken, BASE64URL), async (token) => {
        const response = await list(token);
        expect(response.status).toBe(401);
        expect(await response.text()).not.toContain(token);
      }),
      { numRuns: 300 },
    );
  });

  test('a key with any character changed is refused by the AI services', async () => {
    const key = account.app.credentials.published.subscriptionKey;
    expect((await analyze(key)).status).toBe(200);
    await fc.assert(
      fc.asyncProperty(changed(key, '0123456789abcdef'), async (other) => {
        expect((await analyze(other)).status).toBe(401);
      }),
      { numRuns: 200 },
    );
  });

  test('two secrets are the same where their texts are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(isSameSecret(one, other)).toBe(one === other);
        expect(isSameSecret(one, one)).toBe(true);
        expect(isSameSecret(`${one}\0`, one)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('no request makes the front of Resource Manager throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), async (path, query) => {
        const response = await ask('compute', `${path}?${query}`, { authorization: `Bearer ${armToken}` });
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(await response.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
      }),
      { numRuns: 200 },
    );
  });
});
