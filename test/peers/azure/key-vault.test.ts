import { describe, expect, test } from 'vitest';
import { EAST, keyCryptography, keysClient, mountAzureCloud, refusalOf } from '../../support/azure-cloud.ts';

const dataKey = Buffer.from('a data key of 32 bytes, or so it');

const given = async () => {
  const cloud = await mountAzureCloud();
  const keys = keysClient(cloud, EAST);
  return {
    ...cloud,
    keys,
    cryptography: (key: string) => keyCryptography(cloud, EAST, key),
    [Symbol.asyncDispose]: cloud[Symbol.asyncDispose],
  };
};

describe('@azure/keyvault-keys, unmodified', () => {
  test('answers the challenge, makes a key, and wraps by it', async () => {
    await using vault = await given();
    const made = await vault.keys.createRsaKey('mine', { keySize: 2048 });
    expect(made).toMatchObject({ name: 'mine', keyType: 'RSA', properties: { enabled: true } });
    const { result, keyID } = await vault.cryptography(made.id!).wrapKey('RSA-OAEP-256', dataKey);
    expect(keyID).toBe(made.id);
    const unwrapped = await vault.cryptography(made.id!).unwrapKey('RSA-OAEP-256', result);
    expect(unwrapped.result).toEqual(dataKey);
  });

  test('unwraps by an old version after a rotation', async () => {
    await using vault = await given();
    const before = await vault.keys.getKey('squall');
    const { result } = await vault.cryptography(before.id!).wrapKey('RSA-OAEP-256', dataKey);
    const after = await vault.keys.rotateKey('squall');
    expect(after.properties.version).not.toBe(before.properties.version);
    expect((await vault.cryptography(before.id!).unwrapKey('RSA-OAEP-256', result)).result).toEqual(dataKey);
    const wrong = await refusalOf(vault.cryptography(after.id!).unwrapKey('RSA-OAEP-256', result));
    expect(wrong).toMatchObject({ status: 400, code: 'BadParameter' });
    const versions: (string | undefined)[] = [];
    for await (const { version } of vault.keys.listPropertiesOfKeyVersions('squall')) versions.push(version);
    expect(versions).toEqual([before.properties.version, after.properties.version]);
  });

  test('is refused a key that is disabled', async () => {
    await using vault = await given();
    const { id, properties } = await vault.keys.getKey('squall');
    const { result } = await vault.cryptography(id!).wrapKey('RSA-OAEP-256', dataKey);
    await vault.keys.updateKeyProperties('squall', properties.version!, { enabled: false });
    expect(await refusalOf(vault.cryptography(id!).unwrapKey('RSA-OAEP-256', result))).toMatchObject({
      status: 403,
      code: 'Forbidden',
      message: expect.stringContaining('is not allowed on a disabled key'),
    });
    await vault.account.control({ type: 'set-key-enabled', service: 'key-vault', region: EAST, isEnabled: true });
    expect((await vault.cryptography(id!).unwrapKey('RSA-OAEP-256', result)).result).toEqual(dataKey);
  });

  test('deletes softly: recovers, purges', async () => {
    await using vault = await given();
    await vault.keys.createRsaKey('old');
    await (await vault.keys.beginDeleteKey('old', { intervalInMs: 10 })).pollUntilDone();
    expect(await refusalOf(vault.keys.getKey('old'))).toMatchObject({ status: 404, code: 'KeyNotFound' });
    expect(await refusalOf(vault.keys.createRsaKey('old'))).toMatchObject({ status: 409, code: 'Conflict' });
    await (await vault.keys.beginRecoverDeletedKey('old', { intervalInMs: 10 })).pollUntilDone();
    expect((await vault.keys.getKey('old')).name).toBe('old');
    await (await vault.keys.beginDeleteKey('old', { intervalInMs: 10 })).pollUntilDone();
    await vault.keys.purgeDeletedKey('old');
    await vault.keys.createRsaKey('old');
    const names: string[] = [];
    for await (const { name } of vault.keys.listPropertiesOfKeys()) names.push(name);
    expect(names).toEqual(['squall', 'old']);
  });

  test('is refused without the permission, and by algorithms that vaults have not', async () => {
    await using vault = await given();
    const { id } = await vault.keys.getKey('squall');
    const unfit = await refusalOf(vault.cryptography(id!).wrapKey('A256KW', dataKey));
    expect(unfit).toMatchObject({ status: 400, code: 'BadParameter' });
    await vault.account.control({ type: 'set-permission', service: 'key-vault', operation: 'UnwrapKey', isAllowed: false });
    const { result } = await vault.cryptography(id!).wrapKey('RSA-OAEP-256', dataKey);
    expect(await refusalOf(vault.cryptography(id!).unwrapKey('RSA-OAEP-256', result))).toMatchObject({
      status: 403,
      code: 'Forbidden',
    });
  });
});
