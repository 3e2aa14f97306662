import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DetectLabelsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import { packageRoot } from '../../../harness/package-root.ts';
import { rekognition } from '../../../mocks/aws/services/rekognition.ts';
import type { ConformanceCase } from '../case.ts';
import { clientOf, codeOf, forgeSecret, statusOf } from './forge.ts';

const four = readFileSync(join(packageRoot, 'mocks/models/vision/samples/4-1.png'));

export const rekognitionCase: ConformanceCase = {
  spec: rekognition.spec,
  connect(target) {
    const client = new RekognitionClient(clientOf(target));
    const detect = (Bytes: Uint8Array) => client.send(new DetectLabelsCommand({ Image: { Bytes } }));
    return {
      async good() {
        const { Labels } = await detect(four);
        if (Labels === undefined) throw new Error('no labels came');
      },
      malformed: () => detect(new TextEncoder().encode('no picture')),
      unknownResource: () =>
        client.send(new DetectLabelsCommand({ Image: { S3Object: { Bucket: 'pictures', Name: 'four.png' } } })),
      close: async () => client.destroy(),
    };
  },
  forge: forgeSecret,
  codeOf,
  statusOf,
};
