import type { Prediction } from '../models/runtime.ts';
import { readBytes } from '../shared/read-bytes.ts';
import { withTimeLimit } from '../shared/time-limit.ts';
import { PREDICTION_API } from './google-api.ts';
import { unwrapHttpBody, wrapHttpBody } from './http-body.ts';
import { InvalidArgument, parsePredictRequest, RequestTooLarge } from './predict-request.ts';
import { JSON_HEADERS, type VertexMethod, type VertexRegion } from './vertex-method.ts';

/** 1.5 MB. Source: cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type, public endpoint, in a copy that was searched in November 2026. */
const MAX_BODY_BYTES = 1.5 * 1024 * 1024;

/** Vertex AI ends a prediction on a shared public endpoint after 60 seconds. Source: the same page. */
const MAX_PREDICTION_MS = 60_000;

const decoder = new TextDecoder();

/** The request's body, JSON as far as its header says. @throws {InvalidArgument | RequestTooLarge} */
export const readBody = async (request: Request): Promise<string> => {
  const contentType = request.headers.get('content-type');
  if (contentType !== null && !/^application\/json\b/i.test(contentType)) {
    throw new InvalidArgument(`Invalid content type: ${contentType}. application/json is expected.`);
  }
  const body = await readBytes(request, MAX_BODY_BYTES);
  if (!body) {
    const size = request.headers.get('content-length') ?? `over ${MAX_BODY_BYTES}`;
    throw new RequestTooLarge(`The request size (${size} bytes) exceeds 1.500MB limit.`);
  }
  return decoder.decode(body);
};

/** Predicts within Vertex AI's time. @throws {TimeLimitReached} */
export const predictRows = (rows: readonly (readonly number[])[], { backend }: VertexRegion): Promise<readonly Prediction[]> =>
  withTimeLimit(backend.predict(rows), MAX_PREDICTION_MS);

/** `POST .../endpoints/{endpoint}:predict`: the predictions, and the model that made them. */
export const predict: VertexMethod = {
  api: PREDICTION_API,
  rpc: 'Predict',
  permission: 'aiplatform.endpoints.predict',
  answer: async (request, region) => {
    const predictions = await predictRows(parsePredictRequest(await readBody(request)), region);
    return Response.json({ predictions, ...region.deployed }, { headers: JSON_HEADERS });
  },
};

/** Headers by which an answer of the container says where it is from. */
export const rawHeaders = (region: VertexRegion) => ({
  ...JSON_HEADERS,
  'x-vertex-ai-endpoint-id': region.endpoint,
  'x-vertex-ai-deployed-model-id': region.deployed.deployedModelId,
});

/** `POST .../endpoints/{endpoint}:rawPredict`: what the model's container answers, as it is; what answered is in headers. */
export const rawPredict: VertexMethod = {
  ...predict,
  rpc: 'RawPredict',
  answer: async (request, region) => {
    const { text, isWrapped } = unwrapHttpBody(await readBody(request));
    const answer = { predictions: await predictRows(parsePredictRequest(text), region) };
    const body = isWrapped ? wrapHttpBody('application/json', JSON.stringify(answer)) : answer;
    return Response.json(body, { headers: rawHeaders(region) });
  },
};
