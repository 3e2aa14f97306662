import type { FetchHandler } from '../../emulator.ts';
import type { GrpcService } from '../../shared/grpc/service.ts';
import { endpoint } from '../proto/endpoint.ts';
import { endpointPath } from './endpoint-path.ts';
import { transcode } from './transcode.ts';

/**
 * Vertex AI's endpoint service over gRPC, its one emulated method: the `Endpoint` class of google-cloud-aiplatform for Python looks its
 * endpoint up before it predicts. @param fetch the same region's REST endpoint
 */
export const createEndpointService = (fetch: FetchHandler): GrpcService => ({
  name: 'google.cloud.aiplatform.v1.EndpointService',
  methods: [
    transcode(
      {
        name: 'GetEndpoint',
        input: endpoint.message('GetEndpointRequest'),
        output: endpoint.message('Endpoint'),
        isServerStreaming: false,
        rule({ name }) {
          const path = endpointPath(name);
          return path === null ? null : { path };
        },
      },
      fetch,
    ),
  ],
});
