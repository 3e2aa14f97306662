import { ACCOUNT_ID } from '../identity.ts';
import { etagOf } from './md5.ts';

export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** With its quotation marks. */
  readonly etag: string;
  readonly modifiedAt: Date;
  /** Headers `x-amz-meta-`, and those that a browser goes by, e.g. `content-disposition`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes of each part that it was put together from; null for what came in one piece. */
  readonly partSizes: readonly number[] | null;
}

export interface UploadedPart {
  readonly bytes: Uint8Array;
  /** MD5 of the bytes. */
  readonly hash: Uint8Array;
  readonly etag: string;
  readonly modifiedAt: Date;
}

/** An object that comes in parts, until it is complete. */
export interface MultipartUpload {
  readonly uploadId: string;
  readonly key: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** By part number. */
  readonly parts: Map<number, UploadedPart>;
}

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAt: Date;
  readonly objects: Map<string, StoredObject>;
  /** By upload id. */
  readonly uploads: Map<string, MultipartUpload>;
}

/** Buckets of the account, in all regions: their names are shared by all. */
export interface ObjectStore {
  readonly buckets: Map<string, Bucket>;
  createBucket(name: string, region: string): Bucket;
  /** Replaces what is there. */
  put(bucket: Bucket, key: string, object: Pick<StoredObject, 'bytes' | 'contentType'> & Partial<StoredObject>): StoredObject;
  /** @param uri `s3://bucket/key` @returns null for what is not there */
  read(uri: string): StoredObject | null;
  /** Dropped when the bucket is not there. @param uri `s3://bucket/key` */
  write(uri: string, text: string, contentType: string): void;
}

const S3_URI = /^s3:\/\/([^/]+)\/(.+)$/;

/** The bucket that each region has from the start. */
export const standingBucket = (region: string): string => `squall-${region}-${ACCOUNT_ID}`;

export const createObjectStore = (regions: readonly string[]): ObjectStore => {
  const buckets = new Map<string, Bucket>();
  const store: ObjectStore = {
    buckets,
    createBucket(name, region) {
      const bucket: Bucket = { name, region, createdAt: new Date(), objects: new Map(), uploads: new Map() };
      buckets.set(name, bucket);
      return bucket;
    },
    put(bucket, key, { bytes, contentType, metadata = {}, etag = etagOf(bytes), partSizes = null }) {
      const object: StoredObject = { bytes, contentType, etag, modifiedAt: new Date(), metadata, partSizes };
      bucket.objects.set(key, object);
      return object;
    },
    read(uri) {
      const [, name = '', key = ''] = S3_URI.exec(uri) ?? [];
      return buckets.get(name)?.objects.get(key) ?? null;
    },
    write(uri, text, contentType) {
      const [, name = '', key = ''] = S3_URI.exec(uri) ?? [];
      const bucket = buckets.get(name);
      if (bucket) store.put(bucket, key, { bytes: new TextEncoder().encode(text), contentType });
    },
  };
  for (const region of regions) store.createBucket(standingBucket(region), region);
  return store;
};
