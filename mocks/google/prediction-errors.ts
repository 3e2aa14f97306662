import { CapacityExceeded, EndpointUnavailable, PredictionFailed } from '../inference/backend.ts';
import { ModelInputError } from '../models/runtime.ts';
import { TimeLimitReached } from '../shared/time-limit.ts';
import { badRequest, errorInfo, errorResponse, failureResponse } from './errors.ts';
import { InvalidArgument, RequestTooLarge } from './predict-request.ts';
import { rateExceeded } from './rate-exceeded.ts';
import { type EndpointName, formatEndpointName, projectNumber } from './resource-names.ts';

/** Source: googleapis/python-aiplatform#1684, where a client calls one region's host for another region's resource. */
export const wrongLocation = (region: string): Response => {
  const description = `The provided location ID doesn't match the endpoint. The valid location ID is \`${region}\`.`;
  return errorResponse('INVALID_ARGUMENT', `List of found errors:\t1.Field: endpoint; Message: ${description}\t`, [
    badRequest(description, 'endpoint'),
  ]);
};

/** Source of the words: rhel-lightspeed/linux-mcp-server#450. Whether the endpoint is there is not told. @param permission e.g. `aiplatform.endpoints.predict` */
export const denyPermission = (name: EndpointName, permission: string): Response => {
  const resource = formatEndpointName(name);
  const message = `Permission '${permission}' denied on resource '//aiplatform.googleapis.com/${resource}' (or it may not exist).`;
  return errorResponse('PERMISSION_DENIED', message, [
    errorInfo('IAM_PERMISSION_DENIED', 'aiplatform.googleapis.com', { resource, permission }),
  ]);
};

/** Source: googleapis/python-genai#1706. */
export const unknownEndpoint = (name: EndpointName, projectId: string): Response => {
  const printed = formatEndpointName({ ...name, project: projectNumber(projectId) });
  return errorResponse('NOT_FOUND', `Endpoint \`${printed}\` not found.`);
};

const overQuota = (projectId: string, region: string): Response =>
  rateExceeded(projectNumber(projectId), {
    service: 'aiplatform.googleapis.com',
    metricTitle: 'Online prediction requests',
    limitTitle: 'Online prediction requests per minute per region',
    metric: 'online_prediction_requests',
    limit: 'OnlinePredictionRequestsPerMinutePerProjectPerRegion',
    location: region,
  });

/**
 * What Vertex AI answers when a prediction fails.
 * The prediction container's refusal of an instance comes as FAILED_PRECONDITION (googleapis/python-aiplatform#514),
 * not INVALID_ARGUMENT: to the API the instance was in order. So does a body that is too large: users of Google's Python client get
 * `FailedPrecondition: 400 The request size (1857939 bytes) exceeds 1.500MB limit.`
 */
export const predictionFailure = (error: unknown, projectId: string, region: string): Response => {
  if (error instanceof InvalidArgument) return errorResponse('INVALID_ARGUMENT', error.message, error.details);
  if (error instanceof RequestTooLarge) return errorResponse('FAILED_PRECONDITION', error.message);
  if (error instanceof ModelInputError) return errorResponse('FAILED_PRECONDITION', `Prediction failed: ${error.message}`);
  if (error instanceof CapacityExceeded) {
    return error.reason === 'quota' ? overQuota(projectId, region) : failureResponse('throttled');
  }
  if (error instanceof EndpointUnavailable) return failureResponse('unavailable');
  if (error instanceof PredictionFailed) return failureResponse('model-error');
  if (error instanceof TimeLimitReached) {
    return errorResponse('DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.');
  }
  return failureResponse('internal');
};
