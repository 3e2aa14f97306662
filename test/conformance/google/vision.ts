import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageAnnotatorClient } from '@google-cloud/vision';
import { packageRoot } from '../../../harness/package-root.ts';
import { vision } from '../../../mocks/google/services/vision.ts';
import { clientOptions, ONCE } from '../../support/google-cloud.ts';
import type { ConformanceCase } from '../case.ts';
import { check, codeOf, forge, statusOf } from './errors.ts';

const content = readFileSync(join(packageRoot, 'mocks', 'models', 'vision', 'samples', '7-1.png')).toString('base64');

export const visionCase: ConformanceCase = {
  spec: vision.spec,
  connect({ origin, credential }) {
    const client = new ImageAnnotatorClient(clientOptions(origin, credential));
    const annotate = async (images: number) => {
      const request = { image: { content }, features: [{ type: 'LABEL_DETECTION' as const }] };
      const [{ responses }] = await client.batchAnnotateImages({ requests: Array.from({ length: images }, () => request) }, ONCE);
      return responses?.map(({ labelAnnotations }) => labelAnnotations?.[0]?.description);
    };
    return {
      async good() {
        const labels = await annotate(1);
        check(labels?.length === 1 && labels[0] === 'Seven', labels);
      },
      malformed: () => annotate(17),
      close: () => client.close(),
    };
  },
  forge,
  codeOf,
  statusOf,
};
