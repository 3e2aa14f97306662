import { exists, invalid, notFound } from './error.ts';
import { addVersion, type CryptoKeyVersion, createCryptoKey, type KeyRing, type KmsKey, settleDestruction } from './resources.ts';

/** Ring and key that stand in each region from the start. */
export const STANDING = 'squall';

/** Names of rings and keys (`service.proto` of @google-cloud/kms 6.3, `key_ring_id`). */
const ID = /^[a-zA-Z0-9_-]{1,63}$/;

const checkId = (id: string, field: string): string => {
  if (!ID.test(id)) throw invalid(`${field} must match ${ID.source.slice(1, -1)}.`);
  return id;
};

/** The keys of a project. */
export interface KeyRings {
  /** @param parent e.g. `projects/p/locations/us-central1` */
  list(parent: string): readonly KeyRing[];
  /** @throws {KmsError} */
  create(parent: string, id: string): KeyRing;
  find(name: string): KeyRing;
  createKey(ringName: string, id: string, hasVersion: boolean): KmsKey;
  findKey(name: string): KmsKey;
  findVersion(name: string): { readonly key: KmsKey; readonly version: CryptoKeyVersion };
  /** What a fault does to every version in a location: those that are enabled are disabled, or the other way. */
  setEnabled(location: string, isEnabled: boolean): void;
  /** A new primary version of every key in a location. */
  rotateAll(location: string): void;
}

/** Rings are made when somebody first looks: a project that nobody asks draws nothing. */
export const createKeyRings = (projectId: string, locations: readonly string[]): KeyRings => {
  const rings = new Map<string, KeyRing>();
  const begun = new Set<string>();
  const disabled = new Set<string>();
  const parentOf = (location: string) => `projects/${projectId}/locations/${location}`;

  const begin = (location: string): void => {
    if (begun.has(location) || !locations.includes(location)) return;
    begun.add(location);
    const name = `${parentOf(location)}/keyRings/${STANDING}`;
    const key = createCryptoKey(`${name}/cryptoKeys/${STANDING}`);
    if (disabled.has(location)) for (const version of key.versions) version.state = 'DISABLED';
    rings.set(name, { name, createdAtMs: key.createdAtMs, keys: new Map([[key.name, key]]) });
  };

  const locationOf = (name: string): string => name.split('/')[3] ?? '';
  const within = (name: string, parts: number): string => name.split('/').slice(0, parts).join('/');

  const checkLocation = (name: string): void => {
    const location = locationOf(name);
    if (!locations.includes(location))
      throw invalid(`The request concerns location '${location}', which this project does not use.`);
    begin(location);
  };

  const find = (name: string): KeyRing => {
    checkLocation(name);
    const ring = rings.get(name);
    if (!ring) throw notFound('KeyRing', name);
    return ring;
  };
  const findKey = (name: string): KmsKey => {
    const key = find(within(name, 6)).keys.get(name);
    if (!key) throw notFound('CryptoKey', name);
    settleDestruction(key);
    return key;
  };
  const keysIn = (location: string): readonly KmsKey[] =>
    [...rings.values()].filter(({ name }) => locationOf(name) === location).flatMap(({ keys }) => [...keys.values()]);

  return {
    list(parent) {
      checkLocation(parent);
      return [...rings.values()].filter(({ name }) => name.startsWith(`${parent}/keyRings/`));
    },
    create(parent, id) {
      checkLocation(parent);
      const name = `${parent}/keyRings/${checkId(id, 'key_ring_id')}`;
      if (rings.has(name)) throw exists('KeyRing', name);
      const ring = { name, createdAtMs: Date.now(), keys: new Map<string, KmsKey>() };
      rings.set(name, ring);
      return ring;
    },
    find,
    createKey(ringName, id, hasVersion) {
      const ring = find(ringName);
      const name = `${ringName}/cryptoKeys/${checkId(id, 'crypto_key_id')}`;
      if (ring.keys.has(name)) throw exists('CryptoKey', name);
      const key = createCryptoKey(name, hasVersion);
      ring.keys.set(name, key);
      return key;
    },
    findKey,
    findVersion(name) {
      const key = findKey(within(name, 8));
      const version = key.versions.find((one) => one.name === name);
      if (!version) throw notFound('CryptoKeyVersion', name);
      return { key, version };
    },
    setEnabled(location, isEnabled) {
      if (isEnabled) disabled.delete(location);
      else disabled.add(location);
      const [from, to] = isEnabled ? (['DISABLED', 'ENABLED'] as const) : (['ENABLED', 'DISABLED'] as const);
      for (const { versions } of keysIn(location)) for (const one of versions) if (one.state === from) one.state = to;
    },
    rotateAll(location) {
      begin(location);
      for (const key of keysIn(location)) key.primary = addVersion(key).number;
    },
  };
};
