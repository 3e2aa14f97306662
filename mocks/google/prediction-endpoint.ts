import type { FetchHandler } from '../emulator.ts';
import type { InferenceBackend } from '../inference/backend.ts';
import type { Prediction } from '../models/runtime.ts';
import { readBytes } from '../shared/read-bytes.ts';
import type { Authenticate } from './authenticate.ts';
import { withDeadline } from './deadline.ts';
import type { DeployedModel } from './deployed-model.ts';
import { unknownPathResponse } from './errors.ts';
import { PREDICTION_API } from './google-api.ts';
import { InvalidArgument, parsePredictRequest } from './predict-request.ts';
import { foreignProject, predictionFailure, unknownEndpoint, wrongLocation } from './prediction-errors.ts';
import { type EndpointName, projectNumber } from './resource-names.ts';

/** What one region's prediction service is made of. */
export interface PredictionService {
  readonly projectId: string;
  /** Id of the one endpoint that the project has here. */
  readonly endpoint: string;
  readonly backend: InferenceBackend;
  readonly deployed: DeployedModel;
  readonly authenticate: Authenticate;
}

/** 1.5 MB. Source: cloud.google.com/vertex-ai/docs/predictions/get-online-predictions, read November 2026. */
const MAX_BODY_BYTES = 1.5 * 1024 * 1024;

/** Vertex AI ends a prediction on a shared public endpoint after 60 seconds. Source: the same page. */
const MAX_PREDICTION_MS = 60_000;

/** A custom method of the endpoint resource, `POST .../endpoints/{endpoint}:{verb}`. */
interface PredictionMethod {
  /** Name in the proto service, which errors print. */
  readonly rpc: string;
  answer(predictions: readonly Prediction[], service: PredictionService): Response;
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=UTF-8' };

/** By verb. A streaming method is one more line. */
const METHODS: ReadonlyMap<string, PredictionMethod> = new Map([
  [
    'predict',
    {
      rpc: 'Predict',
      answer: (predictions, { deployed }) => Response.json({ predictions, ...deployed }, { headers: JSON_HEADERS }),
    },
  ],
  [
    'rawPredict',
    {
      // What the container answers, as it is; what answered is in headers.
      rpc: 'RawPredict',
      answer: (predictions, { deployed, endpoint }) =>
        Response.json(
          { predictions },
          {
            headers: {
              ...JSON_HEADERS,
              'x-vertex-ai-endpoint-id': endpoint,
              'x-vertex-ai-deployed-model-id': deployed.deployedModelId,
            },
          },
        ),
    },
  ],
]);

const PATH = /^\/v1(?:beta1)?\/projects\/([^/]+)\/locations\/([^/]+)\/endpoints\/([^/:]+):([A-Za-z]+)$/;

/** Vertex AI looks at the region, then at the permission, then for the endpoint. */
const refuseName = (name: EndpointName, { projectId, endpoint, backend }: PredictionService): Response | undefined => {
  const { region } = backend.region;
  if (name.location !== region) return wrongLocation(region);
  if (name.project !== projectId && name.project !== projectNumber(projectId)) return foreignProject(name);
  if (name.endpoint !== endpoint) return unknownEndpoint(name, projectId);
  return undefined;
};

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
  return parsePredictRequest(new TextDecoder().decode(body));
};

/** The prediction service of one region, `https://{region}-aiplatform.googleapis.com`. */
export const createPredictionEndpoint =
  (service: PredictionService): FetchHandler =>
  async (request) => {
    const { pathname } = new URL(request.url);
    const [, project = '', location = '', endpoint = '', verb = ''] = PATH.exec(pathname) ?? [];
    const method = request.method === 'POST' ? METHODS.get(verb) : undefined;
    if (!method) return unknownPathResponse(pathname);

    const refusal =
      (await service.authenticate(request, PREDICTION_API, method.rpc)) ?? refuseName({ project, location, endpoint }, service);
    if (refusal) return refusal;
    try {
      const rows = await readRows(request);
      return method.answer(await withDeadline(MAX_PREDICTION_MS, service.backend.predict(rows)), service);
    } catch (error) {
      return predictionFailure(error, service.projectId, service.backend.region.region);
    }
  };
