import { z } from 'zod';
import { validate } from '../wire/validation.ts';
import { cryptoOperations } from './crypto-operations.ts';
import { alreadyExists, checkNotDeleting, checkUsable, invalidState, limitExceeded, notFound, unsupported } from './errors.ts';
import { aliasArn, describeKey, type KmsKey, rotateMaterial } from './key.ts';
import type { KmsOperation } from './operation.ts';
import type { KmsAlias, KmsRegion } from './region.ts';

/** Bounds are of the service model (@aws-sdk/client-kms 3.1164, documentation of its inputs; read November 2026). */
const KeyId = z.string().min(1).max(2048);
const DEFAULT_WAIT_DAYS = 30;
const DEFAULT_ROTATION_DAYS = 365;
/** Rotations of a key on demand. Source: KMS developer guide, "Perform on-demand key rotation", as we know it: 10 and 25 have both been the limit. */
const ON_DEMAND_LIMIT = 25;
const DAY_MS = 24 * 3_600_000;
const MAX_PAGE = 1000;
const DEFAULT_PAGE = 100;

const VALIDATION = 'ValidationException';

const paging = { Limit: z.int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE), Marker: z.string().min(1).max(1024).optional() };

/** A part of a list, after the item that the marker names. */
const page = <Item>(name: string, items: readonly Item[], idOf: (item: Item) => string, limit: number, marker?: string) => {
  const from = marker === undefined ? 0 : items.findIndex((item) => idOf(item) === marker) + 1;
  const shown = items.slice(from, from + limit);
  const isCut = from + limit < items.length;
  const last = shown.at(-1);
  return { [name]: shown, Truncated: isCut, ...(isCut && last !== undefined ? { NextMarker: idOf(last) } : {}) };
};

/** An operation on one key, whose id or ARN is given. */
const onKey = <Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (key: KmsKey, input: z.output<z.ZodObject<Shape>>, keys: KmsRegion) => unknown,
): KmsOperation => ({
  resourceOf: (input, keys) => (typeof input.KeyId === 'string' ? arnOf(input.KeyId, keys) : '*'),
  run(raw, keys) {
    const input = validate(z.looseObject({ KeyId, ...shape }), raw, VALIDATION);
    return run(keys.find(input.KeyId as string, false), input as z.output<z.ZodObject<Shape>>, keys);
  },
});

/** For the words of a denial. */
const arnOf = (asked: string, keys: KmsRegion): string => {
  try {
    return keys.find(asked, true).arn;
  } catch {
    return '*';
  }
};

const createOperation: KmsOperation = {
  run(raw, keys) {
    const shape = z.looseObject({
      Description: z.string().max(8192).default(''),
      KeySpec: z.string().default('SYMMETRIC_DEFAULT'),
      KeyUsage: z.string().default('ENCRYPT_DECRYPT'),
      Origin: z.string().default('AWS_KMS'),
      MultiRegion: z.boolean().default(false),
    });
    const { Description, KeySpec, KeyUsage, Origin, MultiRegion } = validate(shape, raw, VALIDATION);
    if (KeySpec !== 'SYMMETRIC_DEFAULT' || KeyUsage !== 'ENCRYPT_DECRYPT' || Origin !== 'AWS_KMS' || MultiRegion) {
      throw unsupported('squall has symmetric keys of one region here, made by KMS itself.');
    }
    return { KeyMetadata: describeKey(keys.create(Description)) };
  },
};

const ALIAS = /^alias\/[a-zA-Z0-9/_-]+$/;
const AliasName = z.string().max(256).regex(ALIAS);

const presentAlias = (keys: KmsRegion, { name, keyId, createdAtMs, updatedAtMs }: KmsAlias) => ({
  AliasName: name,
  AliasArn: aliasArn(keys.region, name),
  TargetKeyId: keyId,
  CreationDate: new Date(createdAtMs),
  LastUpdatedDate: new Date(updatedAtMs),
});

const aliasOf = (keys: KmsRegion, name: string): KmsAlias => {
  const alias = keys.aliases.get(name);
  if (!alias) throw notFound(`Alias ${aliasArn(keys.region, name)} is not found.`);
  return alias;
};

/** What KMS does, by operation; `DescribeKey` and all that encrypts take aliases as well. */
export const KMS_OPERATIONS: Readonly<Record<string, KmsOperation>> = {
  CreateKey: createOperation,
  DescribeKey: {
    resourceOf: (input, keys) => (typeof input.KeyId === 'string' ? arnOf(input.KeyId, keys) : '*'),
    run(raw, keys) {
      const input = validate(z.looseObject({ KeyId }), raw, VALIDATION);
      return { KeyMetadata: describeKey(keys.find(input.KeyId, true)) };
    },
  },
  ListKeys: {
    run(raw, keys) {
      const { Limit, Marker } = validate(z.looseObject(paging), raw, VALIDATION);
      const all = [...keys.keys.values()].map(({ keyId, arn }) => ({ KeyId: keyId, KeyArn: arn }));
      return page('Keys', all, (key) => key.KeyId, Limit, Marker);
    },
  },
  ...cryptoOperations,
  EnableKey: onKey({}, (key) => {
    checkNotDeleting(key);
    key.state = 'Enabled';
  }),
  DisableKey: onKey({}, (key) => {
    checkNotDeleting(key);
    key.state = 'Disabled';
  }),
  ScheduleKeyDeletion: onKey({ PendingWindowInDays: z.int().min(7).max(30).default(DEFAULT_WAIT_DAYS) }, (key, input) => {
    checkNotDeleting(key);
    key.state = 'PendingDeletion';
    key.deletesAtMs = Date.now() + input.PendingWindowInDays * DAY_MS;
    return {
      KeyId: key.arn,
      DeletionDate: new Date(key.deletesAtMs),
      KeyState: key.state,
      PendingWindowInDays: input.PendingWindowInDays,
    };
  }),
  CancelKeyDeletion: onKey({}, (key) => {
    if (key.state !== 'PendingDeletion') throw invalidState(`${key.arn} is not pending deletion.`);
    key.state = 'Disabled';
    key.deletesAtMs = null;
    return { KeyId: key.arn };
  }),
  EnableKeyRotation: onKey({ RotationPeriodInDays: z.int().min(90).max(2560).default(DEFAULT_ROTATION_DAYS) }, (key, input) => {
    checkUsable(key);
    key.rotationPeriodInDays = input.RotationPeriodInDays;
  }),
  DisableKeyRotation: onKey({}, (key) => {
    checkUsable(key);
    key.rotationPeriodInDays = null;
  }),
  GetKeyRotationStatus: onKey({}, (key) => {
    checkNotDeleting(key);
    const { rotationPeriodInDays: days } = key;
    const from = key.rotatedAtMs.at(-1) ?? key.createdAtMs;
    return {
      KeyId: key.keyId,
      KeyRotationEnabled: days !== null,
      ...(days === null ? {} : { RotationPeriodInDays: days, NextRotationDate: new Date(from + days * DAY_MS) }),
    };
  }),
  RotateKeyOnDemand: onKey({}, (key) => {
    checkUsable(key);
    if (key.rotatedAtMs.length >= ON_DEMAND_LIMIT) throw limitExceeded(`${key.arn} can be rotated ${ON_DEMAND_LIMIT} times.`);
    rotateMaterial(key);
    return { KeyId: key.keyId };
  }),
  CreateAlias: {
    run(raw, keys) {
      const input = validate(z.looseObject({ AliasName, TargetKeyId: KeyId }), raw, VALIDATION);
      const key = keys.find(input.TargetKeyId, false);
      checkNotDeleting(key);
      if (keys.aliases.has(input.AliasName)) {
        throw alreadyExists(`An alias with the name ${aliasArn(keys.region, input.AliasName)} already exists`);
      }
      const nowMs = Date.now();
      keys.aliases.set(input.AliasName, { name: input.AliasName, createdAtMs: nowMs, updatedAtMs: nowMs, keyId: key.keyId });
      return undefined;
    },
  },
  UpdateAlias: {
    run(raw, keys) {
      const input = validate(z.looseObject({ AliasName, TargetKeyId: KeyId }), raw, VALIDATION);
      const alias = aliasOf(keys, input.AliasName);
      const key = keys.find(input.TargetKeyId, false);
      checkNotDeleting(key);
      alias.keyId = key.keyId;
      alias.updatedAtMs = Date.now();
      return undefined;
    },
  },
  DeleteAlias: {
    run(raw, keys) {
      const input = validate(z.looseObject({ AliasName }), raw, VALIDATION);
      keys.aliases.delete(aliasOf(keys, input.AliasName).name);
      return undefined;
    },
  },
  ListAliases: {
    run(raw, keys) {
      const { KeyId: asked, Limit, Marker } = validate(z.looseObject({ ...paging, KeyId: KeyId.optional() }), raw, VALIDATION);
      const wanted = asked === undefined ? null : keys.find(asked, false).keyId;
      const all = [...keys.aliases.values()]
        .filter(({ keyId }) => wanted === null || keyId === wanted)
        .map((alias) => presentAlias(keys, alias));
      return page('Aliases', all, (alias) => alias.AliasName, Limit, Marker);
    },
  },
};
