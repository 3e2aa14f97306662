import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { FetchHandler } from '../emulator.ts';
import { CapacityExceeded, type InferenceBackend } from '../inference/backend.ts';
import { ModelInputError } from '../models/runtime.ts';
import {
  deniedResponse,
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
import { TimeLimitReached, withTimeLimit } from './time-limit.ts';
import type { TokenAuthority } from './tokens.ts';

/** Largest request, 1.5 MB. Source: Azure ML docs, "Troubleshoot online endpoints" of 2021 (413); later editions give no figure. */
const BODY_LIMIT_BYTES = 1_500_000;

/** A deployment's `request_timeout_ms` where its YAML has none. Source: Azure ML docs, managed online deployment YAML; read November 2026. */
const REQUEST_TIMEOUT_MS = 5000;

const DEPLOYMENT_HEADER = 'azureml-model-deployment';

/** The answer to a prediction that failed: the router's own, or the model container's under 424. */
const failedScore = (error: unknown): Response => {
  if (error instanceof CapacityExceeded) {
    return error.reason === 'quota' ? rateLimitedResponse() : tooManyPendingResponse();
  }
  if (error instanceof TimeLimitReached) return timeoutResponse();
  if (error instanceof BadScoreInput || error instanceof ModelInputError) {
    return modelErrorResponse(400, 'BAD_REQUEST', error.message);
  }
  return modelErrorResponse(500, 'INTERNAL_ERROR', error instanceof Error ? error.message : String(error));
};

/**
 * A managed online endpoint of Azure Machine Learning in one region, with one deployment that takes all traffic.
 * @param deployment name of the deployment
 */
export const createOnlineEndpoint = (
  backend: InferenceBackend,
  deployment: string,
  app: AppRegistration,
  authority: TokenAuthority,
): FetchHandler => {
  const router = new Hono();

  router.use(async (c, next) => {
    await next();
    const clientRequestId = c.req.header('x-ms-client-request-id');
    c.header('x-ms-request-id', crypto.randomUUID());
    if (clientRequestId) c.header('x-ms-client-request-id', clientRequestId);
  });

  // The inference server's liveness route: asked by probes, which have no credential.
  router.get('/', (c) => c.text('Healthy'));

  router.use(async (c, next) => {
    const denial = await checkCaller(c.req.header('authorization'), app, authority);
    if (denial) return deniedResponse(denial);
    const named = c.req.header(DEPLOYMENT_HEADER);
    if (named !== undefined && named !== deployment) {
      return notFoundResponse(`The endpoint has no deployment ${named}.`);
    }
    return next();
  });

  router.post('/score', bodyLimit({ maxSize: BODY_LIMIT_BYTES, onError: () => tooLargeResponse() }), async (c) => {
    if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
      return modelErrorResponse(415, 'BAD_REQUEST', 'The content type is not application/json.');
    }
    try {
      const rows = parseScoreInput(await c.req.text());
      const predictions = await withTimeLimit(backend.predict(rows), REQUEST_TIMEOUT_MS);
      return c.json(predictions, 200, { [DEPLOYMENT_HEADER]: deployment });
    } catch (error) {
      return failedScore(error);
    }
  });

  router.notFound((c) => notFoundResponse(`The endpoint has no ${c.req.method} ${c.req.path}.`));

  return async (request) => router.fetch(request);
};
