import { createGraphQLError, createSchema, createYoga, type Plugin } from 'graphql-yoga';
import type { Hono } from 'hono';
import { type Caller, readCaller } from '../caller.ts';
import { marksOf } from '../doors/marks.ts';
import { BadRequest } from '../errors.ts';
import { describeModel, describeServer } from '../open-inference.ts';
import type { Stack } from '../stack.ts';
import { graphqlErrorOf } from './errors.ts';
import { createPredictions, type Predicted, type Predictions } from './predictions.ts';
import { typeDefs } from './type-defs.ts';

const PATH = '/graphql';
const BODY_LIMIT_BYTES = 1024 * 1024;
/** Operations of one HTTP request, where it is a list of them. */
const MAX_OPERATIONS = 16;
/** Characters of one document and its variables say little of its work: so many images it may ask for at most. */
const MAX_IMAGES = 256;

interface Context {
  readonly request: Request;
  /** Extensions of the request: GraphQL's own place for what a caller says of it. */
  readonly params: { readonly extensions?: Readonly<Record<string, unknown>> };
  predictions?: Predictions;
}

/** The caller's headers, and before them what stands in `extensions.squall` of the operation: `deadlineMs`, `tenant`, `priority`. */
const callerOf = ({ request, params }: Context): Caller => {
  const { squall } = (params.extensions ?? {}) as { readonly squall?: Readonly<Record<string, unknown>> | null };
  return readCaller((name) => {
    const said = squall?.[name.replace('x-squall-', '').replace('deadline-ms', 'deadlineMs')];
    return said === undefined || said === null ? request.headers.get(name) : String(said);
  });
};

const present = ({ prediction, answer: { servedBy, degraded, version } }: Predicted) => ({
  ...prediction,
  servedBy,
  degraded,
  modelVersion: version === '' ? null : version,
});

/** What an operation's answers say of themselves, in the response's extensions: of several the one that is degraded. */
const extensionsOf = ({ predictions, params }: Context) => {
  const answers = predictions?.answers ?? [];
  const telling = answers.find(({ degraded }) => degraded !== null) ?? answers[0];
  // What the caller calls its request stands in the answer: of many at the same time it can tell which is which.
  const { request } = params.extensions ?? {};
  const echoed = request === undefined ? {} : { request };
  if (!telling) return echoed;
  const { servedBy, degraded, version } = telling;
  return { ...echoed, squall: { servedBy, degraded, modelVersion: version === '' ? null : version } };
};

const marks: Plugin<Context> = {
  onExecute: ({ args }) => ({
    onExecuteDone({ result, setResult }) {
      if (Symbol.asyncIterator in result) return;
      const extensions = { ...result.extensions, ...extensionsOf(args.contextValue as Context) };
      if (Object.keys(extensions).length > 0) setResult({ ...result, extensions });
    },
  }),
  onResultProcess({ request, result }) {
    // Of a batch each operation has its own extensions; headers are for the whole.
    if (Array.isArray(result)) return;
    answersOfRequest.set(request, (result as { readonly extensions?: unknown }).extensions);
  },
};

const answersOfRequest = new WeakMap<Request, unknown>();

const resolversOf = (stack: Stack) => {
  const refuseUnknown = (model: string) => {
    if (model === stack.model) return;
    throw createGraphQLError(`There is no model ${model}; ${stack.model} is served.`, {
      extensions: { code: 'NOT_FOUND', status: 404 },
    });
  };
  const predict = async (pixels: readonly number[], context: Context) => {
    try {
      context.predictions ??= createPredictions(stack, callerOf(context), context.request.signal);
      return present(await context.predictions.predict(pixels));
    } catch (error) {
      throw graphqlErrorOf(error);
    }
  };
  return {
    Query: {
      server: () => ({ ...describeServer(), ready: stack.isReady() }),
      model: (_: unknown, { name }: { name: string }) =>
        name === stack.model ? { ...describeModel(name), ready: stack.isReady() } : null,
      predict(_: unknown, { model, pixels }: { model: string; pixels: readonly number[] }, context: Context) {
        refuseUnknown(model);
        return predict(pixels, context);
      },
      predictMany(_: unknown, { model, images }: { model: string; images: readonly (readonly number[])[] }, context: Context) {
        refuseUnknown(model);
        if (images.length > MAX_IMAGES) {
          throw graphqlErrorOf(new BadRequest(`images: ${images.length} are asked for; expected at most ${MAX_IMAGES}.`));
        }
        return images.map((pixels) => predict(pixels, context));
      },
    },
  };
};

/**
 * GraphQL at `/graphql`, over HTTP as the specification has it (GraphQL over HTTP), by GraphQL Yoga: queries by GET and POST, lists of
 * operations, partial results with errors beside them. Caller's deadline, tenant and priority come as headers or in the operation's
 * `extensions.squall`; what an answer says of itself is in the response's `extensions.squall`, and of a single operation in headers, too.
 */
export const addGraphqlRoutes = (app: Hono, stack: Stack): void => {
  const yoga = createYoga<object, object>({
    schema: createSchema({ typeDefs, resolvers: resolversOf(stack) as never }),
    graphqlEndpoint: PATH,
    batching: { limit: MAX_OPERATIONS },
    maxRequestBodySize: BODY_LIMIT_BYTES,
    logging: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    plugins: [marks as Plugin<object>],
    // The world's own, not Yoga's for Node.
    fetchAPI: {
      fetch: globalThis.fetch,
      Request: globalThis.Request,
      Response: globalThis.Response,
      Headers: globalThis.Headers,
      URL: globalThis.URL,
      URLSearchParams: globalThis.URLSearchParams,
      ReadableStream: globalThis.ReadableStream,
      TextEncoder: globalThis.TextEncoder,
      TextDecoder: globalThis.TextDecoder,
      crypto: globalThis.crypto,
    },
  });

  app.all(PATH, async (c) => {
    const request = c.req.raw;
    const response = await yoga.fetch(request, {});
    const { squall } = (answersOfRequest.get(request) ?? {}) as {
      readonly squall?: { servedBy: string; degraded: never; modelVersion: string | null };
    };
    if (!squall) return response;
    const { servedBy, degraded, modelVersion } = squall;
    for (const [name, value] of Object.entries(marksOf({ predictions: [], servedBy, degraded, version: modelVersion ?? '' }))) {
      response.headers.set(name, value);
    }
    return response;
  });
};
