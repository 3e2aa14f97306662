import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { EAST, mountAwsCloud, refusal, WEST } from '../../support/aws-cloud.ts';

const STANDING = 'alias/squall';
const EncryptionContext = { artifact: 'digits', tenant: 'acme' };

const given = async () => {
  const cloud = await mountAwsCloud();
  const client = new KMSClient(cloud.options('kms', EAST));
  const create = async () => (await client.send(new CreateKeyCommand({ Description: 'mine' }))).KeyMetadata!;
  const dataKey = () => client.send(new GenerateDataKeyCommand({ KeyId: STANDING, KeySpec: 'AES_256', EncryptionContext }));
  return { ...cloud, client, create, dataKey };
};

describe('@aws-sdk/client-kms, unmodified', () => {
  test('gets a data key, and its plaintext again with the same context alone', async () => {
    await using cloud = await given();
    const { Plaintext, CiphertextBlob, KeyId } = await cloud.dataKey();
    expect(Plaintext).toHaveLength(32);
    const again = await cloud.client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    expect(again).toMatchObject({ Plaintext, KeyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    for (const other of [undefined, { artifact: 'digits' }, { ...EncryptionContext, tenant: 'other' }]) {
      const error = await refusal(
        cloud.client.send(new DecryptCommand({ CiphertextBlob, ...(other ? { EncryptionContext: other } : {}) })),
      );
      expect(error.name).toBe('InvalidCiphertextException');
    }
  });

  test('encrypts and encrypts anew under another key', async () => {
    await using cloud = await given();
    const { Arn: other } = await cloud.create();
    const Plaintext = new TextEncoder().encode('hello');
    const { CiphertextBlob } = await cloud.client.send(new EncryptCommand({ KeyId: STANDING, Plaintext }));
    const moved = await cloud.client.send(
      new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: other, DestinationEncryptionContext: EncryptionContext }),
    );
    expect(moved.KeyId).toBe(other);
    const read = await cloud.client.send(
      new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext, KeyId: other }),
    );
    expect(read.Plaintext).toEqual(Plaintext);
    const wrong = await refusal(cloud.client.send(new DecryptCommand({ CiphertextBlob, KeyId: other })));
    expect(wrong.name).toBe('IncorrectKeyException');
  });

  test('reads what was encrypted before a rotation', async () => {
    await using cloud = await given();
    const { KeyId = '' } = await cloud.create();
    const { CiphertextBlob } = await cloud.client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 64 }));
    await cloud.client.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    await cloud.client.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect(await cloud.client.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 90,
    });
    expect((await cloud.client.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toHaveLength(64);
  });

  test('is refused a key that is disabled, until it is enabled again', async () => {
    await using cloud = await given();
    const { CiphertextBlob, KeyId = '' } = await cloud.dataKey();
    await cloud.client.send(new DisableKeyCommand({ KeyId }));
    for (const call of [cloud.dataKey(), cloud.client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))]) {
      expect(await refusal(call)).toMatchObject({ name: 'DisabledException', message: `${KeyId} is disabled.` });
    }
    expect((await cloud.client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata).toMatchObject({
      KeyState: 'Disabled',
      Enabled: false,
    });
    await cloud.client.send(new EnableKeyCommand({ KeyId }));
    await cloud.client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  });

  test('is refused a key that is about to be deleted', async () => {
    await using cloud = await given();
    const { KeyId = '', Arn } = await cloud.create();
    const { DeletionDate } = await cloud.client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(DeletionDate!.getTime() - Date.now()).toBeGreaterThan(6.9 * 24 * 3_600_000);
    expect(await refusal(cloud.client.send(new EnableKeyCommand({ KeyId })))).toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${Arn} is pending deletion.`,
    });
    await cloud.client.send(new CancelKeyDeletionCommand({ KeyId }));
    expect((await cloud.client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('Disabled');
  });

  test('names keys by aliases, and lists both in pages', async () => {
    await using cloud = await given();
    const { KeyId: TargetKeyId = '' } = await cloud.create();
    await cloud.client.send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId }));
    expect((await cloud.client.send(new DescribeKeyCommand({ KeyId: 'alias/mine' }))).KeyMetadata?.KeyId).toBe(TargetKeyId);
    const { Aliases = [] } = await cloud.client.send(new ListAliasesCommand({ KeyId: TargetKeyId }));
    expect(Aliases.map(({ AliasName }) => AliasName)).toEqual(['alias/mine']);
    const first = await cloud.client.send(new ListKeysCommand({ Limit: 1 }));
    const second = await cloud.client.send(new ListKeysCommand({ Limit: 1, Marker: first.NextMarker }));
    expect([first.Truncated, second.Truncated]).toEqual([true, false]);
    expect(second.Keys?.[0]?.KeyId).toBe(TargetKeyId);
  });

  test('knows no key of another region, and no ciphertext of it', async () => {
    await using cloud = await given();
    const { CiphertextBlob, KeyId } = await cloud.dataKey();
    const west = new KMSClient(cloud.options('kms', WEST));
    expect((await refusal(west.send(new DescribeKeyCommand({ KeyId })))).name).toBe('NotFoundException');
    const error = await refusal(west.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })));
    expect(error.name).toBe('InvalidCiphertextException');
  });

  test('a fault disables the keys of a region, and rotates them', async () => {
    await using cloud = await given();
    const { CiphertextBlob } = await cloud.dataKey();
    await cloud.account.control({ type: 'rotate-keys', service: 'kms', region: EAST });
    await cloud.account.control({ type: 'set-key-enabled', service: 'kms', region: EAST, isEnabled: false });
    expect((await refusal(cloud.dataKey())).name).toBe('DisabledException');
    await cloud.account.control({ type: 'set-key-enabled', service: 'kms', region: EAST, isEnabled: true });
    await cloud.client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  });
});
