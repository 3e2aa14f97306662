import type { Context, Hono } from 'hono';
import { readCaller } from '../caller.ts';
import type { Rows } from '../clients/access.ts';
import { describeModel, describeServer, type InferRequest, MODEL_VERSION, renderInferResponse } from '../open-inference.ts';
import type { Stack } from '../stack.ts';
import { failureResponse } from './failure-response.ts';
import { failureOf } from './failures.ts';
import { marksOf } from './marks.ts';
import { inferResponse, readInferRequest } from './rest-body.ts';

/** A model, and a version of it if one is named. */
const MODEL_PATH = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?/;

const inferBy =
  (stack: Stack) =>
  async (request: Request): Promise<Response> => {
    try {
      const { headers, signal } = request;
      let parsed: InferRequest | undefined;
      const read = async (): Promise<Rows> => {
        parsed = await readInferRequest(request);
        return parsed.rows;
      };
      const caller = readCaller((name) => headers.get(name));
      const answer = await stack.infer(read, { ...caller, signal });
      return inferResponse(renderInferResponse(stack.model, parsed!, answer), parsed!, answer, marksOf(answer));
    } catch (error) {
      const { kind, message, retryAfterMs } = failureOf(error);
      return failureResponse(kind, message, retryAfterMs);
    }
  };

/**
 * The paths of the Open Inference Protocol v2 over REST. No middleware: for a request that passes one, hono composes functions, which
 * costs more than all else that it does. So each route asks for itself whether the model is served.
 */
export const addRestRoutes = (app: Hono, stack: Stack): void => {
  const { model, isReady } = stack;
  const infer = inferBy(stack);
  const refuse = (name: string | undefined, version: string | undefined): Response | undefined => {
    if (name !== model) return failureResponse('not-found', `There is no model ${name}; ${model} is served.`);
    if (version === undefined || version === MODEL_VERSION) return undefined;
    return failureResponse('not-found', `${model} has no version ${version}; it has ${MODEL_VERSION}.`);
  };
  type Answer = (c: Context) => Response | Promise<Response>;
  const ofModel =
    (answer: Answer): Answer =>
    (c) =>
      refuse(c.req.param('name'), c.req.param('version')) ?? answer(c);

  app.get('/v2', (c) => c.json(describeServer()));
  app.get('/v2/health/live', (c) => c.json({ live: true }));
  app.get('/v2/health/ready', (c) => c.json({ ready: isReady() }, isReady() ? 200 : 503));
  for (const path of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    app.get(
      path,
      ofModel((c) => c.json(describeModel(model))),
    );
    app.get(
      `${path}/ready`,
      ofModel((c) => c.json({ name: model, ready: isReady() }, isReady() ? 200 : 503)),
    );
    app.post(
      `${path}/infer`,
      ofModel((c) => infer(c.req.raw)),
    );
  }
  app.notFound((c) => {
    const { method, path } = c.req;
    const [isOfModel, name, version] = MODEL_PATH.exec(path) ?? [];
    return (isOfModel && refuse(name, version)) || failureResponse('not-found', `There is no ${method} ${path}.`);
  });
};
