import { decrypt, encrypt } from './encryption.ts';
import { invalid, notFound } from './error.ts';
import type { KeyRings } from './keyring.ts';
import {
  addVersion,
  describeKey,
  describeRing,
  describeVersion,
  scheduleDestruction,
  VERSION_STATES,
  type VersionState,
} from './resources.ts';

/** A call that has been let in. */
export interface KmsCall {
  readonly rings: KeyRings;
  /** Resource that the path names: of a collection, its parent. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

type Answer = Readonly<Record<string, unknown>>;

/** One method of the API. */
export interface KmsMethod {
  /** Its name in the table. */
  readonly rpc: string;
  readonly permission: string;
  answer(call: KmsCall): Answer | Promise<Answer>;
}

const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

/** A page of a list; the token is the number of its first item. */
const page = (field: string, items: readonly Answer[], query: URLSearchParams): Answer => {
  const size = Number(query.get('pageSize') ?? query.get('page_size') ?? 0);
  const from = Number(query.get('pageToken') || query.get('page_token') || 0);
  if (!Number.isInteger(size) || size < 0) throw invalid('page_size must be at least 0.');
  if (!Number.isInteger(from) || from < 0 || from > items.length) throw invalid('The page_token is invalid.');
  const end = from + Math.min(size || DEFAULT_PAGE, MAX_PAGE);
  const next = end < items.length ? { nextPageToken: String(end) } : {};
  return { [field]: items.slice(from, end), totalSize: items.length, ...next };
};

/** Enums come by name or, from clients that ask for numbers, by number. */
const isEnum = (given: unknown, name: string, number: number): boolean => given === name || given === number;

const stateOf = (given: unknown): VersionState => {
  for (const state of ['ENABLED', 'DISABLED'] as const) if (isEnum(given, state, VERSION_STATES[state])) return state;
  throw invalid('A version can be set to ENABLED or DISABLED.');
};

/** Fields that a caller wants to change: of the mask, without its spelling. */
const maskOf = (query: URLSearchParams): readonly string[] =>
  (query.get('updateMask') ?? query.get('update_mask') ?? '')
    .split(',')
    .filter(Boolean)
    .map((field) => field.replaceAll('_', '').toLowerCase());

const ENCRYPT_DECRYPT = 1;

const createKey = ({ rings, name, query, body }: KmsCall): Answer => {
  if (!isEnum(body.purpose, 'ENCRYPT_DECRYPT', ENCRYPT_DECRYPT)) {
    throw invalid('squall has keys whose purpose is ENCRYPT_DECRYPT.');
  }
  const isBare = (query.get('skipInitialVersionCreation') ?? query.get('skip_initial_version_creation')) === 'true';
  const key = rings.createKey(name, query.get('cryptoKeyId') ?? query.get('crypto_key_id') ?? '', !isBare);
  key.labels = (body.labels as Record<string, string> | undefined) ?? {};
  if (typeof body.rotationPeriod === 'string') key.rotationPeriod = body.rotationPeriod;
  if (typeof body.nextRotationTime === 'string') key.nextRotationTime = body.nextRotationTime;
  return describeKey(key);
};

/** A version that may change its state. @throws {KmsError} */
const versionIn = ({ rings, name }: KmsCall, states: readonly VersionState[]) => {
  const { version } = rings.findVersion(name);
  if (!states.includes(version.state)) throw invalid(`${version.name} has state ${version.state}.`);
  return version;
};

/** By HTTP method and what stands under a location, `*` being a name. */
export const KMS_METHODS: Readonly<Record<string, KmsMethod>> = {
  'GET keyRings': {
    rpc: 'ListKeyRings',
    permission: 'cloudkms.keyRings.list',
    answer: ({ rings, name, query }) => page('keyRings', rings.list(name).map(describeRing), query),
  },
  'POST keyRings': {
    rpc: 'CreateKeyRing',
    permission: 'cloudkms.keyRings.create',
    answer: ({ rings, name, query }) =>
      describeRing(rings.create(name, query.get('keyRingId') ?? query.get('key_ring_id') ?? '')),
  },
  'GET keyRings/*': {
    rpc: 'GetKeyRing',
    permission: 'cloudkms.keyRings.get',
    answer: ({ rings, name }) => describeRing(rings.find(name)),
  },
  'GET keyRings/*/cryptoKeys': {
    rpc: 'ListCryptoKeys',
    permission: 'cloudkms.cryptoKeys.list',
    answer: ({ rings, name, query }) => page('cryptoKeys', [...rings.find(name).keys.values()].map(describeKey), query),
  },
  'POST keyRings/*/cryptoKeys': { rpc: 'CreateCryptoKey', permission: 'cloudkms.cryptoKeys.create', answer: createKey },
  'GET keyRings/*/cryptoKeys/*': {
    rpc: 'GetCryptoKey',
    permission: 'cloudkms.cryptoKeys.get',
    answer: ({ rings, name }) => describeKey(rings.findKey(name)),
  },
  'PATCH keyRings/*/cryptoKeys/*': {
    rpc: 'UpdateCryptoKey',
    permission: 'cloudkms.cryptoKeys.update',
    answer({ rings, name, query, body }) {
      const key = rings.findKey(name);
      const mask = maskOf(query);
      if (mask.length === 0) throw invalid('update_mask must name at least one field.');
      if (mask.includes('labels')) key.labels = (body.labels as Record<string, string> | undefined) ?? {};
      if (mask.includes('rotationperiod'))
        key.rotationPeriod = typeof body.rotationPeriod === 'string' ? body.rotationPeriod : null;
      if (mask.includes('nextrotationtime')) {
        key.nextRotationTime = typeof body.nextRotationTime === 'string' ? body.nextRotationTime : null;
      }
      return describeKey(key);
    },
  },
  'POST keyRings/*/cryptoKeys/*:encrypt': {
    rpc: 'Encrypt',
    permission: 'cloudkms.cryptoKeyVersions.useToEncrypt',
    answer({ rings, name, body }) {
      const key = rings.findKey(name);
      const primary = key.versions[key.primary - 1];
      if (!primary) throw notFound('CryptoKeyVersion', `${name}/cryptoKeyVersions/${key.primary}`);
      return encrypt(key, primary, body);
    },
  },
  'POST keyRings/*/cryptoKeys/*/cryptoKeyVersions/*:encrypt': {
    rpc: 'Encrypt',
    permission: 'cloudkms.cryptoKeyVersions.useToEncrypt',
    answer({ rings, name, body }) {
      const { key, version } = rings.findVersion(name);
      return encrypt(key, version, body);
    },
  },
  'POST keyRings/*/cryptoKeys/*:decrypt': {
    rpc: 'Decrypt',
    permission: 'cloudkms.cryptoKeyVersions.useToDecrypt',
    answer: ({ rings, name, body }) => decrypt(rings.findKey(name), body),
  },
  'POST keyRings/*/cryptoKeys/*:updatePrimaryVersion': {
    rpc: 'UpdateCryptoKeyPrimaryVersion',
    permission: 'cloudkms.cryptoKeys.update',
    answer({ rings, name, body }) {
      const key = rings.findKey(name);
      const { version } = rings.findVersion(
        `${name}/cryptoKeyVersions/${body.cryptoKeyVersionId ?? body.crypto_key_version_id ?? ''}`,
      );
      if (version.state !== 'ENABLED') throw invalid(`${version.name} has state ${version.state}.`);
      key.primary = version.number;
      return describeKey(key);
    },
  },
  'GET keyRings/*/cryptoKeys/*/cryptoKeyVersions': {
    rpc: 'ListCryptoKeyVersions',
    permission: 'cloudkms.cryptoKeyVersions.list',
    answer: ({ rings, name, query }) => page('cryptoKeyVersions', rings.findKey(name).versions.map(describeVersion), query),
  },
  'POST keyRings/*/cryptoKeys/*/cryptoKeyVersions': {
    rpc: 'CreateCryptoKeyVersion',
    permission: 'cloudkms.cryptoKeyVersions.create',
    answer: ({ rings, name }) => describeVersion(addVersion(rings.findKey(name))),
  },
  'GET keyRings/*/cryptoKeys/*/cryptoKeyVersions/*': {
    rpc: 'GetCryptoKeyVersion',
    permission: 'cloudkms.cryptoKeyVersions.get',
    answer: ({ rings, name }) => describeVersion(rings.findVersion(name).version),
  },
  'PATCH keyRings/*/cryptoKeys/*/cryptoKeyVersions/*': {
    rpc: 'UpdateCryptoKeyVersion',
    permission: 'cloudkms.cryptoKeyVersions.update',
    answer(call) {
      if (!maskOf(call.query).includes('state')) throw invalid('update_mask must name the state: squall changes nothing else.');
      const version = versionIn(call, ['ENABLED', 'DISABLED']);
      version.state = stateOf(call.body.state);
      return describeVersion(version);
    },
  },
  'POST keyRings/*/cryptoKeys/*/cryptoKeyVersions/*:destroy': {
    rpc: 'DestroyCryptoKeyVersion',
    permission: 'cloudkms.cryptoKeyVersions.destroy',
    answer(call) {
      const version = versionIn(call, ['ENABLED', 'DISABLED']);
      scheduleDestruction(version);
      return describeVersion(version);
    },
  },
  'POST keyRings/*/cryptoKeys/*/cryptoKeyVersions/*:restore': {
    rpc: 'RestoreCryptoKeyVersion',
    permission: 'cloudkms.cryptoKeyVersions.restore',
    answer(call) {
      const version = versionIn(call, ['DESTROY_SCHEDULED']);
      version.state = 'DISABLED';
      version.destroysAtMs = null;
      return describeVersion(version);
    },
  },
};
