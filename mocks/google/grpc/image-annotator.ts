import type { FetchHandler } from '../../emulator.ts';
import type { GrpcService } from '../../shared/grpc/service.ts';
import { vision } from '../proto/vision.ts';
import { transcode } from './transcode.ts';

const PARENT = /^projects\/[^/]+(?:\/locations\/[^/]+)?$/;

/** Cloud Vision over gRPC, which Google's clients speak unless told otherwise. @param fetch the REST endpoint */
export const createImageAnnotator = (fetch: FetchHandler): GrpcService => ({
  name: 'google.cloud.vision.v1.ImageAnnotator',
  methods: [
    transcode(
      {
        name: 'BatchAnnotateImages',
        input: vision.message('BatchAnnotateImagesRequest'),
        output: vision.message('BatchAnnotateImagesResponse'),
        isServerStreaming: false,
        rule({ parent = '', ...body }) {
          if (parent === '') return { path: '/v1/images:annotate', body };
          return typeof parent === 'string' && PARENT.test(parent) ? { path: `/v1/${parent}/images:annotate`, body } : null;
        },
      },
      fetch,
    ),
  ],
});
