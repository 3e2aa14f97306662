import { buildClientSchema, getIntrospectionQuery, printSchema } from 'graphql';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { Rows } from '../../../../harness/serving/clients/access.ts';
import { FAILURES, type FailureKind } from '../../../../harness/serving/doors/failures.ts';
import { BadRequest, Cancelled, LinkError, NoUsableLink, OverBudget, Refused } from '../../../../harness/serving/errors.ts';
import { addGraphqlRoutes } from '../../../../harness/serving/graphql/graphql-door.ts';
import type { Answer } from '../../../../harness/serving/serving.ts';
import type { Call, Stack } from '../../../../harness/serving/stack.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a server answers is looked at by the assertions
type Json = any;

const image = (label: number): readonly number[] => [label, ...new Array<number>(63).fill(0)];

/** A stack that predicts the first pixel of each image, and remembers its calls. */
const serve = (answer: Partial<Answer> = {}, failure?: Error) => {
  const calls: { readonly rows: Rows; readonly call: Call }[] = [];
  const stack: Stack = {
    model: 'digits',
    admit: () => ({ subject: '', tenant: '' }),
    isReady: () => true,
    async infer(read, call) {
      const rows = await read();
      calls.push({ rows, call });
      if (failure) throw failure;
      const predictions = rows.map((row) => ({ label: row[0]!, probabilities: [0.5, 0.5] }));
      return { predictions, servedBy: 'aws/us-east-1/sagemaker-runtime', degraded: null, version: '', ...answer };
    },
    start: async () => undefined,
    stop: () => undefined,
  };
  const app = new Hono();
  addGraphqlRoutes(app, stack);
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const response = await app.request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { response, json: (await response.json()) as never as Json };
  };
  return { app, calls, post };
};

const ONE = 'query ($pixels: [Float!]!) { predict(model: "digits", pixels: $pixels) { label servedBy degraded modelVersion } }';
const MANY = 'query ($images: [[Float!]!]!) { predictMany(model: "digits", images: $images) { label } }';

describe('the GraphQL door', () => {
  it('predicts, and says in extensions and headers whose prediction it is', async () => {
    const { post } = serve({ servedBy: 'local/rules', degraded: 'rules', version: '3' });
    const { response, json } = await post({ query: ONE, variables: { pixels: image(7) } });
    expect(json).toEqual({
      data: { predict: { label: 7, servedBy: 'local/rules', degraded: 'rules', modelVersion: '3' } },
      extensions: { squall: { servedBy: 'local/rules', degraded: 'rules', modelVersion: '3' } },
    });
    expect(response.headers.get('x-squall-served-by')).toBe('local/rules');
    expect(response.headers.get('x-squall-degraded')).toBe('rules');
    expect(response.headers.get('x-squall-model-version')).toBe('3');
  });

  it('asks for the predictions of one operation with one call of the stack', async () => {
    const { post, calls } = serve();
    const query = `query ($a: [Float!]!, $b: [Float!]!) {
      a: predict(model: "digits", pixels: $a) { label } b: predict(model: "digits", pixels: $b) { label } }`;
    const { json } = await post({ query, variables: { a: image(1), b: image(2) } });
    expect(json.data).toEqual({ a: { label: 1 }, b: { label: 2 } });
    expect(calls.map(({ rows }) => rows.length)).toEqual([2]);
  });

  it('gives null and an error at its place for an image that is none, and the others all the same', async () => {
    const { post } = serve();
    const { json, response } = await post({ query: MANY, variables: { images: [image(1), [1, 2], image(3)] } });
    expect(response.status).toBe(200);
    expect(json.data).toEqual({ predictMany: [{ label: 1 }, null, { label: 3 }] });
    expect(json.errors).toMatchObject([
      {
        message: 'pixels has 2 values; 64 are expected.',
        path: ['predictMany', 1],
        extensions: { code: 'BAD_USER_INPUT', status: 400 },
      },
    ]);
  });

  it.each<[FailureKind, Error]>([
    ['bad-request', new BadRequest('no')],
    ['bad-request', new LinkError('rejected', 'no')],
    ['too-many', new Refused('too-many', 'full')],
    ['over-share', new Refused('over-share', 'your share')],
    ['deadline', new Cancelled('deadline')],
    ['unavailable', new NoUsableLink()],
    ['unavailable', new LinkError('connection', 'no way')],
    ['unavailable', new OverBudget(100)],
  ])('says %s in the code of its error', async (kind, failure) => {
    const { post } = serve({}, failure);
    const { json, response } = await post({ query: ONE, variables: { pixels: image(1) } });
    expect(response.status).toBe(200);
    expect(json.data).toEqual({ predict: null });
    expect(json.errors[0].extensions).toMatchObject({ code: FAILURES[kind].graphql, status: FAILURES[kind].http });
  });

  it('takes deadline, tenant and priority from headers, and sooner from the extensions of the operation', async () => {
    const { post, calls } = serve();
    const headers = { 'x-squall-deadline-ms': '800', 'x-squall-tenant': 'calm', 'x-squall-priority': 'critical' };
    await post({ query: ONE, variables: { pixels: image(1) } }, headers);
    expect(calls.at(-1)!.call).toMatchObject({ deadlineMs: 800, tenant: 'calm', priority: 'critical' });
    const extensions = { squall: { deadlineMs: 300, tenant: 'loud', priority: 'sheddable' } };
    await post({ query: ONE, variables: { pixels: image(1) }, extensions }, headers);
    expect(calls.at(-1)!.call).toMatchObject({ deadlineMs: 300, tenant: 'loud', priority: 'sheddable' });
    const { json } = await post({ query: ONE, variables: { pixels: image(1) }, extensions: { squall: { deadlineMs: 'soon' } } });
    expect(json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('answers a list of operations with a list, each with its own marks', async () => {
    const { post } = serve();
    const { json } = await post([
      { query: ONE, variables: { pixels: image(1) }, extensions: { request: { id: 'a' } } },
      { query: '{ model(name: "cats") { name } server { ready } }' },
    ]);
    expect(json[0].extensions).toEqual({
      request: { id: 'a' },
      squall: { servedBy: 'aws/us-east-1/sagemaker-runtime', degraded: null, modelVersion: null },
    });
    expect(json[1]).toEqual({ data: { model: null, server: { ready: true } } });
  });

  it('takes queries by GET, and refuses models, documents and sizes that it does not have', async () => {
    const { app, post } = serve();
    const got = await app.request(`/graphql?query=${encodeURIComponent('{ model(name: "digits") { versions } }')}`);
    expect(await got.json()).toEqual({ data: { model: { versions: ['1'] } } });
    const unknown = await post({ query: '{ predict(model: "cats", pixels: [1]) { label } }' });
    expect(unknown.json.errors[0].extensions).toEqual({ code: 'NOT_FOUND', status: 404 });
    const misspelt = await post({ query: '{ predikt { label } }' }, { accept: 'application/graphql-response+json' });
    expect(misspelt.response.status).toBe(400);
    const many = await post({ query: MANY, variables: { images: Array.from({ length: 257 }, () => image(1)) } });
    expect(many.json.errors[0].message).toContain('expected at most 256');
  });

  it('describes itself to clients', async () => {
    const { post } = serve();
    const { json } = await post({ query: getIntrospectionQuery() });
    expect(printSchema(buildClientSchema(json.data))).toContain('predict(model: ID!, pixels: [Float!]!): Prediction');
  });
});
