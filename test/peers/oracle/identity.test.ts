import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ASHBURN, FRANKFURT, mountOracle, refusal } from '../../support/oracle.ts';

beforeEach(() => {
  // Oracle's SDK tells the console of every error that it throws.
  vi.spyOn(console, 'warn').mockReturnValue();
});

const makePair = (modulusLength = 2048) =>
  generateKeyPairSync('rsa', {
    modulusLength,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });

describe('oci-identity, unmodified', () => {
  test('says what regions and availability domains there are', async () => {
    await using oracle = await mountOracle();
    const { tenancy } = oracle.account;
    const { items: regions } = await oracle.identity().listRegionSubscriptions({ tenancyId: tenancy });
    expect(regions).toMatchObject([
      { regionKey: 'IAD', regionName: ASHBURN, isHomeRegion: true },
      { regionName: FRANKFURT, isHomeRegion: false },
    ]);
    const { items: domains } = await oracle.identity(FRANKFURT).listAvailabilityDomains({ compartmentId: tenancy });
    expect(domains.map(({ name }) => name)).toEqual(oracle.account.regionOf(FRANKFURT).availabilityDomains);
  });

  test('uploads a key that signs from then on, in every region, until it is deleted', async () => {
    await using oracle = await mountOracle();
    const { user: userId, tenancy, credential } = oracle.account;
    const { publicKey, privateKey } = makePair();
    const client = oracle.identity();
    const { apiKey } = await client.uploadApiKey({ userId, createApiKeyDetails: { key: publicKey } });
    const { fingerprint = '' } = apiKey;
    expect(apiKey.keyId).toBe(`${tenancy}/${userId}/${fingerprint}`);
    expect((await client.listApiKeys({ userId })).items.map((key) => key.fingerprint)).toEqual([
      credential.fingerprint,
      fingerprint,
    ]);
    const other = oracle.identity(FRANKFURT, { ...credential, fingerprint, privateKey });
    expect((await other.getUser({ userId })).user).toMatchObject({ id: userId, lifecycleState: 'ACTIVE' });
    await client.deleteApiKey({ userId, fingerprint });
    expect(await refusal(other.getUser({ userId }))).toMatchObject({ statusCode: 401, serviceCode: 'NotAuthenticated' });
    expect(await refusal(client.deleteApiKey({ userId, fingerprint }))).toMatchObject({ statusCode: 404 });
  });

  test('deletes the key that it signs with, and is out', async () => {
    await using oracle = await mountOracle();
    const { user: userId, credential } = oracle.account;
    const client = oracle.identity();
    await client.deleteApiKey({ userId, fingerprint: credential.fingerprint ?? '' });
    expect(await refusal(client.listApiKeys({ userId }))).toMatchObject({ statusCode: 401 });
  });

  test('is refused a key that is short, that is none, and a fourth', async () => {
    await using oracle = await mountOracle();
    const { user: userId } = oracle.account;
    const upload = (key: string) => oracle.identity().uploadApiKey({ userId, createApiKeyDetails: { key } });
    expect(await refusal(upload(makePair(1024).publicKey))).toMatchObject({ statusCode: 400, serviceCode: 'InvalidParameter' });
    expect(await refusal(upload('no key'))).toMatchObject({ serviceCode: 'InvalidParameter' });
    await upload(makePair().publicKey);
    await upload(makePair().publicKey);
    expect(await refusal(upload(makePair().publicKey))).toMatchObject({ statusCode: 400, serviceCode: 'LimitExceeded' });
  });
});
