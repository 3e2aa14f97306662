import type { CloudEndpoint } from '../../mocks/cloud/cloud.ts';
import type { ServiceSpec } from '../../mocks/cloud/service.ts';
import type { FetchHandler } from '../../mocks/emulator.ts';
import { createEndpointService } from '../../mocks/google/grpc/endpoint-service.ts';
import { createImageAnnotator } from '../../mocks/google/grpc/image-annotator.ts';
import { createPredictionService } from '../../mocks/google/grpc/prediction-service.ts';
import type { GrpcService } from '../../mocks/shared/grpc/service.ts';
import { failureAt } from '../faults/failure.ts';
import type { ServiceLink } from '../topology/link.ts';

/** Services whose SDKs speak gRPC unless told otherwise, by `cloud/service`: each call is one to the service's REST endpoint. */
const fronts: Readonly<Record<string, readonly ((fetch: FetchHandler) => GrpcService)[]>> = {
  'google/aiplatform': [createPredictionService, createEndpointService],
  'google/vision': [createImageAnnotator],
};

const BODYLESS_METHODS = new Set(['GET', 'HEAD']);

/** Sends a call's request to the endpoint through the wire, where faults meet it. A connection that fails is an unavailable service. */
const throughWire =
  (link: ServiceLink, origin: string): FetchHandler =>
  async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = BODYLESS_METHODS.has(request.method) ? {} : { body: await request.arrayBuffer() };
    try {
      return await fetch(`${origin}${pathname}${search}`, {
        method: request.method,
        headers: request.headers,
        signal: request.signal,
        ...body,
      });
    } catch (error) {
      if (request.signal.aborted) throw error;
      return failureAt(link, 'unavailable');
    }
  };

/** Whether gRPC services stand beside the service's endpoints, on a port of their own each. */
export const speaksGrpc = ({ cloud, service }: ServiceSpec): boolean => fronts[`${cloud}/${service}`] !== undefined;

/**
 * The gRPC services that stand beside an endpoint; none for most.
 * @param origin of the endpoint on the wire
 */
export const grpcFrontsOf = ({ spec }: CloudEndpoint, link: ServiceLink, origin: string): readonly GrpcService[] =>
  (fronts[`${spec.cloud}/${spec.service}`] ?? []).map((front) => front(throughWire(link, origin)));
