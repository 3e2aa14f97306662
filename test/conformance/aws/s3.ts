import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { standingBucket } from '../../../mocks/aws/s3/store.ts';
import { s3 } from '../../../mocks/aws/services/s3.ts';
import type { ConformanceCase } from '../case.ts';
import { clientOf, codeOf, forgeSecret, statusOf } from './forge.ts';

export const s3Case: ConformanceCase = {
  spec: s3.spec,
  connect(target) {
    const client = new S3Client({ ...clientOf(target), forcePathStyle: true });
    const Bucket = standingBucket(target.region);
    return {
      async good() {
        await client.send(new PutObjectCommand({ Bucket, Key: 'a key/ä.txt', Body: 'text' }));
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'a key/ä.txt' }));
        if ((await Body?.transformToString()) !== 'text') throw new Error('that is not what was put there');
      },
      malformed: () => client.send(new ListObjectsV2Command({ Bucket: 'Not_A_Bucket' })),
      unknownResource: () => client.send(new GetObjectCommand({ Bucket, Key: 'nothing' })),
      close: async () => client.destroy(),
    };
  },
  forge: forgeSecret,
  skewMs: 15 * 60_000,
  codeOf,
  statusOf,
};
