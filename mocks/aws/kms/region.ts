import { notFound } from './errors.ts';
import { aliasArn, createKey, type KmsKey, keyArn, rotateMaterial } from './key.ts';

/** Alias of the key that stands in each region from the start. */
export const STANDING_ALIAS = 'alias/squall';

/** An alias as `ListAliases` has it. */
export interface KmsAlias {
  readonly name: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  keyId: string;
}

/** The keys of one region of an account. */
export interface KmsRegion {
  readonly region: string;
  readonly keys: ReadonlyMap<string, KmsKey>;
  readonly aliases: Map<string, KmsAlias>;
  create(description: string): KmsKey;
  /**
   * @param asked a key's id or ARN, or an alias's name or ARN where `mayBeAlias`
   * @throws {AwsError} `NotFoundException`
   */
  find(asked: string, mayBeAlias: boolean): KmsKey;
  /** By the id alone, as in a ciphertext. */
  byId(keyId: string): KmsKey | undefined;
  /** What a fault does to every key of the region that is not about to be deleted. */
  setEnabled(isEnabled: boolean): void;
  rotateAll(): void;
}

/** A key is made when somebody first looks: an account that nobody asks draws nothing. */
export const createKmsRegion = (region: string): KmsRegion => {
  const keys = new Map<string, KmsKey>();
  const aliases = new Map<string, KmsAlias>();
  let hasBegun = false;
  let isEnabled = true;

  const create = (description: string): KmsKey => {
    const key = createKey(region, description);
    keys.set(key.keyId, key);
    return key;
  };

  const begin = (): void => {
    if (hasBegun) return;
    hasBegun = true;
    const key = create('Standing key of squall');
    if (!isEnabled) key.state = 'Disabled';
    aliases.set(STANDING_ALIAS, {
      name: STANDING_ALIAS,
      createdAtMs: key.createdAtMs,
      updatedAtMs: key.createdAtMs,
      keyId: key.keyId,
    });
  };

  /** Those whose waiting time is over are gone. */
  const sweep = (): void => {
    begin();
    for (const key of keys.values()) {
      if (key.deletesAtMs === null || key.deletesAtMs > Date.now()) continue;
      keys.delete(key.keyId);
      for (const [name, alias] of aliases) if (alias.keyId === key.keyId) aliases.delete(name);
    }
  };

  const aliasPrefix = aliasArn(region, '');
  const keyPrefix = keyArn(region, '');

  return {
    region,
    get keys() {
      sweep();
      return keys;
    },
    get aliases() {
      sweep();
      return aliases;
    },
    create(description) {
      sweep();
      return create(description);
    },
    find(asked, mayBeAlias) {
      sweep();
      const name = asked.startsWith(`${aliasPrefix}alias/`) ? asked.slice(aliasPrefix.length) : asked;
      if (name.startsWith('alias/')) {
        if (!mayBeAlias) throw notFound(`Invalid keyId '${asked}'`);
        const alias = aliases.get(name);
        if (!alias) throw notFound(`Alias ${aliasArn(region, name)} is not found.`);
        return keys.get(alias.keyId)!;
      }
      const keyId = asked.startsWith(keyPrefix) ? asked.slice(keyPrefix.length) : asked;
      const key = keys.get(keyId);
      if (!key)
        throw notFound(asked.startsWith('arn:') ? `Invalid arn ${region}` : `Key '${keyArn(region, asked)}' does not exist`);
      return key;
    },
    byId(keyId) {
      sweep();
      return keys.get(keyId);
    },
    setEnabled(enabled) {
      isEnabled = enabled;
      for (const key of keys.values()) {
        if (key.state !== 'PendingDeletion') key.state = enabled ? 'Enabled' : 'Disabled';
      }
    },
    rotateAll() {
      begin();
      for (const key of keys.values()) if (key.state !== 'PendingDeletion') rotateMaterial(key);
    },
  };
};
