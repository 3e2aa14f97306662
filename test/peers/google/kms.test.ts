import { KeyManagementServiceClient } from '@google-cloud/kms';
import { describe, expect, test } from 'vitest';
import { crc32c } from '../../../mocks/shared/crc.ts';
import { clientOptions, mountGoogleCloud, ONCE } from '../../support/google-cloud.ts';

const LOCATION = 'us-central1';
const plaintext = Buffer.from('a data key');
const aad = Buffer.from('digits/1/acme');

const sum = (bytes: Uint8Array) => ({ value: Buffer.from(crc32c(bytes)).readUInt32BE() });

const given = async () => {
  const cloud = await mountGoogleCloud();
  const client = new KeyManagementServiceClient(clientOptions(cloud.origin('kms', LOCATION), cloud.credential));
  const location = client.locationPath(cloud.projectId, LOCATION);
  const key = `${location}/keyRings/squall/cryptoKeys/squall`;
  const encrypt = async (name = key) => {
    const [answer] = await client.encrypt(
      {
        name,
        plaintext,
        plaintextCrc32c: sum(plaintext),
        additionalAuthenticatedData: aad,
        additionalAuthenticatedDataCrc32c: sum(aad),
      },
      ONCE,
    );
    return { ...answer, ciphertext: Buffer.from(answer.ciphertext as Uint8Array) };
  };
  const decrypt = async (ciphertext: Uint8Array, additionalAuthenticatedData = aad) => {
    const [answer] = await client.decrypt(
      { name: key, ciphertext, ciphertextCrc32c: sum(ciphertext), additionalAuthenticatedData },
      ONCE,
    );
    return Buffer.from(answer.plaintext as Uint8Array).toString();
  };
  const close = async () => {
    await client.close();
    await cloud.close();
  };
  return { ...cloud, client, location, key, encrypt, decrypt, [Symbol.asyncDispose]: close };
};

const FAILED_PRECONDITION = 9;
const INVALID_ARGUMENT = 3;
const ALREADY_EXISTS = 6;

describe('@google-cloud/kms, unmodified', () => {
  test('encrypts and decrypts, with check sums and additional data', async () => {
    await using kms = await given();
    const { ciphertext, ciphertextCrc32c, verifiedPlaintextCrc32c, verifiedAdditionalAuthenticatedDataCrc32c, name } =
      await kms.encrypt();
    expect({ verifiedPlaintextCrc32c, verifiedAdditionalAuthenticatedDataCrc32c }).toEqual({
      verifiedPlaintextCrc32c: true,
      verifiedAdditionalAuthenticatedDataCrc32c: true,
    });
    expect(Number(ciphertextCrc32c?.value)).toBe(sum(ciphertext).value);
    expect(name).toBe(`${kms.key}/cryptoKeyVersions/1`);
    expect(await kms.decrypt(ciphertext)).toBe(plaintext.toString());
    await expect(kms.decrypt(ciphertext, Buffer.from('digits/1/other'))).rejects.toMatchObject({
      code: INVALID_ARGUMENT,
      message: expect.stringContaining("verify that 'name' refers to the correct CryptoKey"),
    });
  });

  test('makes rings, keys and versions, and moves the primary one', async () => {
    await using kms = await given();
    const [ring] = await kms.client.createKeyRing({ parent: kms.location, keyRingId: 'mine' }, ONCE);
    await expect(kms.client.createKeyRing({ parent: kms.location, keyRingId: 'mine' }, ONCE)).rejects.toMatchObject({
      code: ALREADY_EXISTS,
    });
    const [key] = await kms.client.createCryptoKey(
      { parent: ring.name ?? '', cryptoKeyId: 'own', cryptoKey: { purpose: 'ENCRYPT_DECRYPT' } },
      ONCE,
    );
    const name = key.name ?? '';
    const before = await kms.encrypt(name);
    const [version] = await kms.client.createCryptoKeyVersion({ parent: name }, ONCE);
    expect(version).toMatchObject({ name: `${name}/cryptoKeyVersions/2`, state: 'ENABLED' });
    const [updated] = await kms.client.updateCryptoKeyPrimaryVersion({ name, cryptoKeyVersionId: '2' }, ONCE);
    expect(updated.primary?.name).toBe(version.name);
    expect((await kms.encrypt(name)).name).toBe(version.name);
    const [old] = await kms.client.decrypt({ name, ciphertext: before.ciphertext, additionalAuthenticatedData: aad }, ONCE);
    expect(old.usedPrimary).toBe(false);
    const [versions] = await kms.client.listCryptoKeyVersions({ parent: name }, ONCE);
    expect(versions.map(({ state }) => state)).toEqual(['ENABLED', 'ENABLED']);
  });

  test('is refused a version that is disabled or to be destroyed', async () => {
    await using kms = await given();
    const { ciphertext, name = '' } = await kms.encrypt();
    const set = (state: 'ENABLED' | 'DISABLED') =>
      kms.client.updateCryptoKeyVersion({ cryptoKeyVersion: { name, state }, updateMask: { paths: ['state'] } }, ONCE);
    await set('DISABLED');
    await expect(kms.decrypt(ciphertext)).rejects.toMatchObject({
      code: FAILED_PRECONDITION,
      message: expect.stringContaining('is not enabled, current state is: DISABLED.'),
    });
    await set('ENABLED');
    expect(await kms.decrypt(ciphertext)).toBe(plaintext.toString());
    const [destroyed] = await kms.client.destroyCryptoKeyVersion({ name }, ONCE);
    expect(destroyed.state).toBe('DESTROY_SCHEDULED');
    await expect(kms.encrypt()).rejects.toMatchObject({ code: FAILED_PRECONDITION });
    const [restored] = await kms.client.restoreCryptoKeyVersion({ name }, ONCE);
    expect(restored.state).toBe('DISABLED');
  });

  test('a fault disables the keys of a region, and rotates them', async () => {
    await using kms = await given();
    const { ciphertext } = await kms.encrypt();
    await kms.account.control({ type: 'rotate-keys', service: 'kms', region: LOCATION });
    expect((await kms.encrypt()).name).toBe(`${kms.key}/cryptoKeyVersions/2`);
    await kms.account.control({ type: 'set-key-enabled', service: 'kms', region: LOCATION, isEnabled: false });
    await expect(kms.decrypt(ciphertext)).rejects.toMatchObject({ code: FAILED_PRECONDITION });
    await kms.account.control({ type: 'set-key-enabled', service: 'kms', region: LOCATION, isEnabled: true });
    expect(await kms.decrypt(ciphertext)).toBe(plaintext.toString());
  });
});
