import type { JsonObject } from '@bufbuild/protobuf';
import type { FetchHandler } from '../../emulator.ts';
import type { GrpcService } from '../../shared/grpc/service.ts';
import { httpBody } from '../proto/http-body.ts';
import { prediction } from '../proto/prediction.ts';
import { endpointPath } from './endpoint-path.ts';
import { type TranscodedMethod, transcode } from './transcode.ts';

const ofEndpoint =
  (verb: string): TranscodedMethod['rule'] =>
  ({ endpoint, ...body }: JsonObject) => {
    const path = endpointPath(endpoint);
    return path === null ? null : { path: `${path}:${verb}`, body };
  };

/** Source: `google.api.http` in `prediction_service.proto` of @google-cloud/aiplatform 7.4. */
const METHODS: readonly TranscodedMethod[] = [
  {
    name: 'Predict',
    input: prediction.message('PredictRequest'),
    output: prediction.message('PredictResponse'),
    isServerStreaming: false,
    rule: ofEndpoint('predict'),
  },
  {
    name: 'RawPredict',
    input: prediction.message('RawPredictRequest'),
    output: httpBody.message('HttpBody'),
    isServerStreaming: false,
    rule: ofEndpoint('rawPredict'),
  },
  {
    name: 'ServerStreamingPredict',
    input: prediction.message('StreamingPredictRequest'),
    output: prediction.message('StreamingPredictResponse'),
    isServerStreaming: true,
    rule: ofEndpoint('serverStreamingPredict'),
  },
  {
    name: 'StreamRawPredict',
    input: prediction.message('StreamRawPredictRequest'),
    output: httpBody.message('HttpBody'),
    isServerStreaming: true,
    rule: ofEndpoint('streamRawPredict'),
  },
];

/** Vertex AI's prediction service over gRPC, which Google's clients speak unless told otherwise. @param fetch the same region's REST endpoint */
export const createPredictionService = (fetch: FetchHandler): GrpcService => ({
  name: 'google.cloud.aiplatform.v1.PredictionService',
  methods: METHODS.map((method) => transcode(method, fetch)),
});
