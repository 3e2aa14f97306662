import { z } from 'zod';
import { fromBase64Url } from '../../shared/base64-bytes.ts';
import { badParameter, keyDisabled, notNow, notPermitted } from './errors.ts';
import {
  ALGORITHMS,
  addVersion,
  decryptBy,
  describeAttributes,
  describeDeletion,
  describeVersion,
  encryptBy,
  KEY_OPS,
  KEY_SIZES,
  type KeyOp,
  type VaultKey,
  type VersionOfKey,
} from './key.ts';
import type { Vault } from './vault.ts';

/** A call that has been let in. */
export interface VaultCall {
  readonly vault: Vault;
  /** Of the vault, e.g. `https://squall-eastus.vault.azure.net`. */
  readonly origin: string;
  readonly name: string;
  /** Empty where the path has none. */
  readonly version: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One method of the API. */
export interface VaultMethod {
  /** Its name in the table. */
  readonly operation: string;
  /** Data action of the role that allows it, after `Microsoft.KeyVault/vaults/keys/`. */
  readonly action: string;
  /** @returns the body of the answer; undefined for none (204) */
  answer(call: VaultCall): Promise<unknown>;
}

const MAX_PAGE = 25;

/** A page of a list; the rest is at the address that `nextLink` has. */
const page = (all: readonly unknown[], { origin, query }: VaultCall, path: string) => {
  const size = Number(query.get('maxresults') ?? MAX_PAGE);
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE) throw badParameter(`maxresults is from 1 to ${MAX_PAGE}.`);
  const from = Number(query.get('$skiptoken') ?? 0);
  const end = from + size;
  const next = new URL(`${origin}${path}`);
  for (const [name, value] of query) next.searchParams.set(name, value);
  next.searchParams.set('$skiptoken', String(end));
  return { value: all.slice(from, end), nextLink: end < all.length ? next.href : null };
};

const attributesShape = z
  .looseObject({ enabled: z.boolean().optional(), nbf: z.int().optional(), exp: z.int().optional() })
  .optional();
const tagsShape = z.record(z.string(), z.string()).optional();
const keyOpsShape = z.array(z.enum([...KEY_OPS, 'import', 'export'])).optional();

const createShape = z.looseObject({
  kty: z.string(),
  key_size: z.int().optional(),
  key_ops: keyOpsShape,
  attributes: attributesShape,
  tags: tagsShape,
});
const updateShape = z.looseObject({ key_ops: keyOpsShape, attributes: attributesShape, tags: tagsShape });
const cryptoShape = z.looseObject({ alg: z.string(), value: z.string().min(1) });

/** @throws {VaultError} `BadParameter` */
const read = <Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> => {
  const { data, error } = shape.safeParse(body);
  if (error) throw badParameter(`Property ${error.issues[0]?.path.join('.')} has invalid value.`);
  return data;
};

const optional = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;

/** Whether a version may be used for something now. Keys that have expired still decrypt. @throws {VaultError} */
const checkUse = ({ attributes, keyOps }: VersionOfKey, op: KeyOp): void => {
  if (!attributes.enabled) throw keyDisabled(op);
  if (!keyOps.includes(op)) throw notPermitted(op);
  const nowS = Date.now() / 1000;
  const isReading = op === 'decrypt' || op === 'unwrapKey';
  if (isReading) return;
  if (attributes.nbf !== undefined && nowS < attributes.nbf) throw notNow(op, 'a key that is not yet valid');
  if (attributes.exp !== undefined && nowS >= attributes.exp) throw notNow(op, 'an expired key');
};

const cryptography = (operation: string, op: KeyOp, action: string): VaultMethod => ({
  operation,
  action,
  async answer({ vault, name, version: asked, origin, body }) {
    const { version } = vault.findVersion(name, asked);
    const { alg, value } = read(cryptoShape, body);
    const hash = Object.hasOwn(ALGORITHMS, alg) ? ALGORITHMS[alg] : undefined;
    // A vault wraps with RSA; AES is the managed HSM's ("Key types, algorithms, and operations", as we know it).
    if (hash === undefined)
      throw badParameter(`Key and signing algorithm do not match: ${alg} is none of ${Object.keys(ALGORITHMS).join(', ')}.`);
    const bytes = fromBase64Url(value);
    if (!bytes) throw badParameter('Property value has invalid value.');
    checkUse(version, op);
    const isReading = op === 'decrypt' || op === 'unwrapKey';
    const result = await (isReading ? decryptBy : encryptBy)(version, hash, bytes);
    if (result === null) throw badParameter('The parameter is incorrect.');
    return { kid: `${origin}/keys/${name}/${version.version}`, value: result };
  },
});

const listItem = (key: VaultKey, version: VersionOfKey, origin: string, isOfVersion: boolean) => ({
  kid: `${origin}/keys/${key.name}${isOfVersion ? `/${version.version}` : ''}`,
  attributes: describeAttributes(version),
  ...(version.tags ? { tags: version.tags } : {}),
});

const current = (key: VaultKey): VersionOfKey => key.versions.at(-1)!;

/** By HTTP method and path, `*` being the key's name and `+` its version. */
export const VAULT_METHODS: Readonly<Record<string, VaultMethod>> = {
  'POST /keys/*/create': {
    operation: 'CreateKey',
    action: 'create/action',
    async answer({ vault, name, origin, body }) {
      const { kty, key_size: size = 2048, key_ops, attributes, tags } = read(createShape, body);
      if (kty !== 'RSA') throw badParameter(`squall's vaults have keys of kty RSA, not ${kty}.`);
      if (!KEY_SIZES.includes(size)) throw badParameter(`Key size ${size} is not supported: ${KEY_SIZES.join(', ')} are.`);
      const settings = {
        ...optional('keyOps', key_ops),
        ...optional('attributes', attributes as never),
        ...optional('tags', tags),
      };
      const { key, version } = vault.create(name, size, settings);
      return describeVersion(key, version, origin);
    },
  },
  'POST /keys/*/rotate': {
    operation: 'RotateKey',
    action: 'rotate/action',
    async answer({ vault, name, origin }) {
      const key = vault.find(name);
      const { keyOps, tags } = current(key);
      return describeVersion(key, addVersion(key, { keyOps, ...optional('tags', tags) }), origin);
    },
  },
  'GET /keys': {
    operation: 'ListKeys',
    action: 'read',
    answer: async (call) =>
      page(
        call.vault.list().map((key) => listItem(key, current(key), call.origin, false)),
        call,
        '/keys',
      ),
  },
  'GET /keys/*/versions': {
    operation: 'ListKeyVersions',
    action: 'read',
    async answer(call) {
      const key = call.vault.find(call.name);
      return page(
        key.versions.map((version) => listItem(key, version, call.origin, true)),
        call,
        `/keys/${call.name}/versions`,
      );
    },
  },
  'GET /keys/*/+': {
    operation: 'GetKey',
    action: 'read',
    async answer({ vault, name, version: asked, origin }) {
      const { key, version } = vault.findVersion(name, asked);
      return describeVersion(key, version, origin);
    },
  },
  'PATCH /keys/*/+': {
    operation: 'UpdateKey',
    action: 'update/action',
    async answer({ vault, name, version: asked, origin, body }) {
      const { key, version } = vault.findVersion(name, asked);
      const { key_ops, attributes, tags } = read(updateShape, body);
      const { enabled, nbf, exp } = attributes ?? {};
      if (enabled !== undefined) version.attributes.enabled = enabled;
      if (nbf !== undefined) version.attributes.nbf = nbf;
      if (exp !== undefined) version.attributes.exp = exp;
      if (key_ops) version.keyOps = key_ops;
      if (tags) version.tags = tags;
      version.updatedAtMs = Date.now();
      return describeVersion(key, version, origin);
    },
  },
  'POST /keys/*/+/wrapkey': cryptography('WrapKey', 'wrapKey', 'wrap/action'),
  'POST /keys/*/+/unwrapkey': cryptography('UnwrapKey', 'unwrapKey', 'unwrap/action'),
  'POST /keys/*/+/encrypt': cryptography('Encrypt', 'encrypt', 'encrypt/action'),
  'POST /keys/*/+/decrypt': cryptography('Decrypt', 'decrypt', 'decrypt/action'),
  'DELETE /keys/*': {
    operation: 'DeleteKey',
    action: 'delete',
    async answer({ vault, name, origin }) {
      const key = vault.find(name);
      key.deletedAtMs = Date.now();
      return { ...describeDeletion(key, origin), ...(await describeVersion(key, current(key), origin)) };
    },
  },
  'GET /deletedkeys': {
    operation: 'ListDeletedKeys',
    action: 'read',
    answer: async (call) =>
      page(
        call.vault
          .list(true)
          .map((key) => ({ ...describeDeletion(key, call.origin), ...listItem(key, current(key), call.origin, false) })),
        call,
        '/deletedkeys',
      ),
  },
  'GET /deletedkeys/*': {
    operation: 'GetDeletedKey',
    action: 'read',
    async answer({ vault, name, origin }) {
      const key = vault.find(name, true);
      return { ...describeDeletion(key, origin), ...(await describeVersion(key, current(key), origin)) };
    },
  },
  'POST /deletedkeys/*/recover': {
    operation: 'RecoverDeletedKey',
    action: 'recover/action',
    async answer({ vault, name, origin }) {
      const key = vault.find(name, true);
      key.deletedAtMs = null;
      return describeVersion(key, current(key), origin);
    },
  },
  'DELETE /deletedkeys/*': {
    operation: 'PurgeDeletedKey',
    action: 'purge/action',
    async answer({ vault, name }) {
      vault.purge(vault.find(name, true));
      return undefined;
    },
  },
};
