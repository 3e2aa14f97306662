import type { Prediction } from '../models/runtime.ts';
import { readBytes } from '../shared/read-bytes.ts';
import { withTimeLimit } from '../shared/time-limit.ts';
import { PREDICTION_API } from './google-api.ts';
import { InvalidArgument, parsePredictRequest } from './predict-request.ts';
import { JSON_HEADERS, type VertexMethod, type VertexRegion } from './vertex-method.ts';

/** 1.5 MB. Source: cloud.google.com/vertex-ai/docs/predictions/get-online-predictions, read November 2026. */
const MAX_BODY_BYTES = 1.5 * 1024 * 1024;

/** Vertex AI ends a prediction on a shared public endpoint after 60 seconds. Source: the same page. */
const MAX_PREDICTION_MS = 60_000;

const decoder = new TextDecoder();

const readRows = async (request: Request) => {
  const contentType = request.headers.get('content-type');
  if (contentType !== null && !/^application\/json\b/i.test(contentType)) {
    throw new InvalidArgument(`Invalid content type: ${contentType}. application/json is expected.`);
  }
  const body = await readBytes(request, MAX_BODY_BYTES);
  if (!body) {
    const size = request.headers.get('content-length') ?? `over ${MAX_BODY_BYTES}`;
    throw new InvalidArgument(`The request size (${size} bytes) exceeds 1.500MB limit.`);
  }
  return parsePredictRequest(decoder.decode(body));
};

const predictRows = async (request: Request, { backend }: VertexRegion): Promise<readonly Prediction[]> =>
  withTimeLimit(backend.predict(await readRows(request)), MAX_PREDICTION_MS);

/** `POST .../endpoints/{endpoint}:predict`: the predictions, and the model that made them. */
export const predict: VertexMethod = {
  api: PREDICTION_API,
  rpc: 'Predict',
  permission: 'aiplatform.endpoints.predict',
  answer: async (request, region) =>
    Response.json({ predictions: await predictRows(request, region), ...region.deployed }, { headers: JSON_HEADERS }),
};

/** `POST .../endpoints/{endpoint}:rawPredict`: what the model's container answers, as it is; what answered is in headers. */
export const rawPredict: VertexMethod = {
  ...predict,
  rpc: 'RawPredict',
  answer: async (request, region) => {
    const predictions = await predictRows(request, region);
    const headers = {
      ...JSON_HEADERS,
      'x-vertex-ai-endpoint-id': region.endpoint,
      'x-vertex-ai-deployed-model-id': region.deployed.deployedModelId,
    };
    return Response.json({ predictions }, { headers });
  },
};
