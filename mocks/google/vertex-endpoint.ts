import type { FetchHandler } from '../emulator.ts';
import { unknownPathResponse } from './errors.ts';
import { getEndpoint } from './get-endpoint.ts';
import { predict, rawPredict } from './predict.ts';
import { denyPermission, predictionFailure, unknownEndpoint, wrongLocation } from './prediction-errors.ts';
import { type EndpointName, projectNumber } from './resource-names.ts';
import { serverStreamingPredict, streamRawPredict } from './stream-predict.ts';
import type { VertexMethod, VertexRegion } from './vertex-method.ts';

/** By HTTP method and the verb after the endpoint's name. */
const METHODS: ReadonlyMap<string, VertexMethod> = new Map([
  ['GET ', getEndpoint],
  ['POST :predict', predict],
  ['POST :rawPredict', rawPredict],
  ['POST :serverStreamingPredict', serverStreamingPredict],
  ['POST :streamRawPredict', streamRawPredict],
]);

const PATH = /^\/v1(?:beta1)?\/projects\/([^/]+)\/locations\/([^/]+)\/endpoints\/([^/:]+)(:[A-Za-z]+|)$/;

/** Vertex AI looks at the region, then at the permission, then for the endpoint. */
const refuseName = (
  name: EndpointName,
  method: VertexMethod,
  { projectId, endpoint, candidate, backend, permits }: VertexRegion,
) => {
  const { region } = backend.region;
  if (name.location !== region) return wrongLocation(region);
  if (permits && !permits(method.rpc)) return denyPermission(name, method.permission);
  if (name.project !== projectId && name.project !== projectNumber(projectId)) return denyPermission(name, method.permission);
  if (name.endpoint !== endpoint && name.endpoint !== candidate) return unknownEndpoint(name, projectId);
  return undefined;
};

/** Vertex AI in one region, `https://{region}-aiplatform.googleapis.com`. */
export const createVertexEndpoint =
  (region: VertexRegion): FetchHandler =>
  async (request) => {
    const { pathname } = new URL(request.url);
    const [, project = '', location = '', endpoint = '', verb = ''] = PATH.exec(pathname) ?? [];
    const method = project === '' ? undefined : METHODS.get(`${request.method} ${verb}`);
    if (!method) return unknownPathResponse(pathname);

    const refusal =
      (await region.authenticate(request, method.api, method.rpc)) ?? refuseName({ project, location, endpoint }, method, region);
    if (refusal) return refusal;
    try {
      return await method.answer(request, region);
    } catch (error) {
      return predictionFailure(error, region.projectId, region.backend.region.region);
    }
  };
