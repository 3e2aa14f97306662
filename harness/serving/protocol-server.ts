import { type Context, Hono } from 'hono';
import { messageOf } from './errors.ts';
import { describeModel, describeServer, MODEL_VERSION } from './open-inference.ts';

/** What the paths of the Open Inference Protocol lead to. */
export interface ProtocolHandlers {
  /** Name in the URL. */
  readonly model: string;
  isReady(): boolean;
  infer(request: Request): Promise<Response>;
}

/** An answer that says in words why there is no other. */
export const failure = (status: number, error: string): Response => Response.json({ error }, { status });

/** A model, and a version of it if one is named. */
const MODEL_PATH = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?/;

/**
 * The paths of the Open Inference Protocol v2 over REST. No middleware: for a request that passes one, hono composes functions, which
 * costs more than all else that it does. So each route asks for itself whether the model is served.
 */
export const createProtocolServer = ({ model, isReady, infer }: ProtocolHandlers): Hono => {
  const refuse = (name: string | undefined, version: string | undefined): Response | undefined => {
    if (name !== model) return failure(404, `There is no model ${name}; ${model} is served.`);
    if (version === undefined || version === MODEL_VERSION) return undefined;
    return failure(404, `${model} has no version ${version}; it has ${MODEL_VERSION}.`);
  };
  type Answer = (c: Context) => Response | Promise<Response>;
  const ofModel =
    (answer: Answer): Answer =>
    (c) =>
      refuse(c.req.param('name'), c.req.param('version')) ?? answer(c);

  const app = new Hono();
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
    return (isOfModel && refuse(name, version)) || failure(404, `There is no ${method} ${path}.`);
  });
  app.onError((error) => failure(500, messageOf(error)));
  return app;
};
