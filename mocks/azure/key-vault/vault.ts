import { deletedButRecoverable, notFound } from './errors.ts';
import { addVersion, type VaultKey, type VersionOfKey, type VersionSettings } from './key.ts';

/** Name of the key that stands in each vault from the start. */
export const STANDING_KEY = 'squall';

const STANDING_BITS = 2048;

/** The keys of one vault. */
export interface Vault {
  /** @param isDeleted those that can be recovered, in place of those that are in use */
  list(isDeleted?: boolean): readonly VaultKey[];
  /** A new key, or a new version of one that is there. @throws {VaultError} */
  create(name: string, sizeBits: number, settings: VersionSettings): { readonly key: VaultKey; readonly version: VersionOfKey };
  /** @throws {VaultError} */
  find(name: string, isDeleted?: boolean): VaultKey;
  /** @param version empty for the current one @throws {VaultError} */
  findVersion(name: string, version: string): { readonly key: VaultKey; readonly version: VersionOfKey };
  purge(key: VaultKey): void;
  /** What a fault does to every version of every key. */
  setEnabled(isEnabled: boolean): void;
  rotateAll(): void;
}

/** Keys are made when somebody first looks: a vault that nobody asks draws nothing. */
export const createVault = (): Vault => {
  const keys = new Map<string, VaultKey>();
  let hasBegun = false;
  let isEnabled = true;

  const begin = (): void => {
    if (hasBegun) return;
    hasBegun = true;
    const key: VaultKey = { name: STANDING_KEY, sizeBits: STANDING_BITS, versions: [], deletedAtMs: null };
    addVersion(key, { attributes: { enabled: isEnabled } });
    keys.set(STANDING_KEY, key);
  };

  const find = (name: string, isDeleted = false): VaultKey => {
    begin();
    const key = keys.get(name.toLowerCase());
    if (!key || (key.deletedAtMs !== null) !== isDeleted) throw notFound(name);
    return key;
  };

  return {
    list(isDeleted = false) {
      begin();
      return [...keys.values()].filter(({ deletedAtMs }) => (deletedAtMs !== null) === isDeleted);
    },
    create(name, sizeBits, settings) {
      begin();
      const known = keys.get(name.toLowerCase());
      if (known?.deletedAtMs != null) throw deletedButRecoverable(name);
      const key: VaultKey = known ?? { name, sizeBits, versions: [], deletedAtMs: null };
      keys.set(name.toLowerCase(), key);
      return { key, version: addVersion(key, settings) };
    },
    find,
    findVersion(name, version) {
      const key = find(name);
      const found = version === '' ? key.versions.at(-1) : key.versions.find((one) => one.version === version);
      if (!found) throw notFound(`${name}/${version}`);
      return { key, version: found };
    },
    purge: ({ name }) => void keys.delete(name.toLowerCase()),
    setEnabled(enabled) {
      isEnabled = enabled;
      for (const { versions } of keys.values()) for (const { attributes } of versions) attributes.enabled = enabled;
    },
    rotateAll() {
      begin();
      for (const key of keys.values()) addVersion(key, { attributes: { enabled: isEnabled } });
    },
  };
};
