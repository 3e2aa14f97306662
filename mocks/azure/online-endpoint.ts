import type { FetchHandler } from '../emulator.ts';
import { CapacityExceeded, EndpointUnavailable, type InferenceBackend } from '../inference/backend.ts';
import { ModelInputError } from '../models/runtime.ts';
import { readBytes } from '../shared/read-bytes.ts';
import { TimeLimitReached, withTimeLimit } from '../shared/time-limit.ts';
import {
  deniedResponse,
  failureResponse,
  modelErrorResponse,
  notFoundResponse,
  rateLimitedResponse,
  timeoutResponse,
  tooLargeResponse,
  tooManyPendingResponse,
} from './errors.ts';
import type { AppRegistration } from './registration.ts';
import { checkCaller } from './score-auth.ts';
import { BadScoreInput, parseScoreInput } from './score-input.ts';
import type { TokenAuthority } from './tokens.ts';

/** Largest request, 1.5 MB. Source: Azure ML docs, "Troubleshoot online endpoints" of 2021 (413); later editions give no figure. */
const BODY_LIMIT_BYTES = 1_500_000;

/** A deployment's `request_timeout_ms` where its YAML has none. Source: `OnlineRequestSettings.requestTimeout` in @azure/arm-machinelearning 2.1.1. */
const REQUEST_TIMEOUT_MS = 5000;

const DEPLOYMENT_HEADER = 'azureml-model-deployment';

const decoder = new TextDecoder();

/** The answer to a prediction that failed: the router's own, or the model container's under 424. */
const failedScore = (error: unknown): Response => {
  if (error instanceof CapacityExceeded) {
    return error.reason === 'quota' ? rateLimitedResponse() : tooManyPendingResponse();
  }
  if (error instanceof EndpointUnavailable) return failureResponse('unavailable');
  if (error instanceof TimeLimitReached) return timeoutResponse();
  if (error instanceof BadScoreInput || error instanceof ModelInputError) {
    return modelErrorResponse(400, 'BAD_REQUEST', error.message);
  }
  return modelErrorResponse(500, 'INTERNAL_ERROR', error instanceof Error ? error.message : String(error));
};

const score = async (request: Request, { backend, name }: Deployment): Promise<Response> => {
  const body = await readBytes(request, BODY_LIMIT_BYTES);
  if (!body) return tooLargeResponse();
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    return modelErrorResponse(415, 'BAD_REQUEST', 'The content type is not application/json.');
  }
  try {
    const rows = parseScoreInput(decoder.decode(body));
    const predictions = await withTimeLimit(backend.predict(rows), REQUEST_TIMEOUT_MS);
    return Response.json(predictions, { headers: { [DEPLOYMENT_HEADER]: name } });
  } catch (error) {
    return failedScore(error);
  }
};

/** A model behind an online endpoint. */
export interface Deployment {
  readonly name: string;
  readonly backend: InferenceBackend;
}

/** What an online endpoint sends its requests to, and whom it lets in. */
export interface ScoringRoute {
  /**
   * The deployment for a request.
   * @param named the one that the caller asks for, whatever its share of the traffic; null leaves it to the shares
   */
  pick(named: string | null): Deployment | undefined;
  /** Takes a request in, if the endpoint's rate has room for it. */
  admits(): boolean;
  /** Whether the application of an Entra token has the permission to score. */
  maySignedInScore(): boolean;
}

/** A managed online endpoint of Azure Machine Learning. */
export const createScoring = (
  { pick, admits, maySignedInScore }: ScoringRoute,
  app: AppRegistration,
  authority: TokenAuthority,
): FetchHandler => {
  const answer = async (request: Request): Promise<Response> => {
    const { method, headers } = request;
    const { pathname } = new URL(request.url);
    // The inference server's liveness route: asked by probes, which have no credential.
    if (pathname === '/' && method === 'GET') return new Response('Healthy');
    if (pathname === '/' && method === 'HEAD') return new Response(null);

    const denial = await checkCaller(headers.get('authorization'), app, authority, maySignedInScore);
    if (denial) return deniedResponse(denial);
    if (!admits()) return rateLimitedResponse();
    const named = headers.get(DEPLOYMENT_HEADER);
    const deployment = pick(named);
    if (!deployment) {
      return notFoundResponse(
        named === null
          ? 'The endpoint does not have any valid deployment with positive weight.'
          : `The endpoint has no deployment ${named}.`,
      );
    }
    if (pathname === '/score' && method === 'POST') return score(request, deployment);
    return notFoundResponse(`The endpoint has no ${method} ${pathname}.`);
  };

  return async (request) => {
    const response = await answer(request);
    response.headers.set('x-ms-request-id', crypto.randomUUID());
    const clientRequestId = request.headers.get('x-ms-client-request-id');
    if (clientRequestId) response.headers.set('x-ms-client-request-id', clientRequestId);
    return response;
  };
};

/**
 * An online endpoint in one region, with one deployment that takes all traffic.
 * @param name of the deployment
 * @param candidate a deployment that takes only what is sent to it by name
 * @param maySignedInScore whether the application of an Entra token has the permission to score
 */
export const createOnlineEndpoint = (
  backend: InferenceBackend,
  name: string,
  app: AppRegistration,
  authority: TokenAuthority,
  maySignedInScore: () => boolean = () => true,
  candidate?: string,
): FetchHandler => {
  const deployment = { name, backend };
  const pick = (named: string | null) => {
    if (named !== null && named === candidate) return { name: candidate, backend };
    return named === null || named === name ? deployment : undefined;
  };
  return createScoring({ pick, admits: () => true, maySignedInScore }, app, authority);
};
