import { Hono } from 'hono';
import type { CloudService, OperationSpec, ServiceSpec } from '../../cloud/service.ts';
import type { IbmAccount } from '../account.ts';
import { failureResponse } from '../errors.ts';
import {
  createDeployment,
  describeDeployment,
  filterDeployments,
  findDeployment,
  patchDeployment,
} from '../watsonx/deployments.ts';
import { failure, notFound, WatsonxError, watsonxErrorResponse } from '../watsonx/errors.ts';
import { describeModel, listModels } from '../watsonx/models.ts';
import { predict } from '../watsonx/predictions.ts';
import { checkSpaceQuery, checkVersion, readJson } from '../watsonx/request.ts';
import type { Space } from '../watsonx/space.ts';

interface Call {
  readonly request: Request;
  readonly query: URLSearchParams;
  /** The last variable of the path. */
  readonly id: string;
  readonly space: Space;
  readonly account: IbmAccount;
}

interface Operation extends OperationSpec {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  answer(call: Call): Response | Promise<Response>;
}

const operation = (name: string, method: Operation['method'], path: string, answer: Operation['answer']): Operation => ({
  name,
  method,
  path,
  request: `${method} ${path.replace(/:(\w+)/g, '{$1}')}?version={date}`,
  answer,
});

const DEPLOYMENTS = '/ml/v4/deployments';
const MODELS = '/ml/v4/models';

const listDeployments = ({ query, space }: Call): Response => {
  const servingName = query.get('serving_name');
  if (query.get('conflict') === 'true' && servingName !== null) {
    if (!space.find(servingName)) return new Response(null, { status: 204 });
    throw new WatsonxError(409, 'serving_name_not_available', `The serving name '${servingName}' is in use.`);
  }
  checkSpaceQuery(space, query);
  const resources = filterDeployments(space, query).map((deployment) => describeDeployment(space, deployment));
  const first = { href: `https://${space.region}.ml.cloud.ibm.com${DEPLOYMENTS}?version=${query.get('version')}` };
  return Response.json({ total_count: resources.length, limit: 100, first, resources });
};

const OPERATIONS: readonly Operation[] = [
  operation('CreateDeployment', 'POST', DEPLOYMENTS, async ({ request, space }) => {
    const deployment = createDeployment(space, await readJson(request));
    return Response.json(describeDeployment(space, deployment), { status: 202 });
  }),
  operation('ListDeployments', 'GET', DEPLOYMENTS, listDeployments),
  operation('GetDeployment', 'GET', `${DEPLOYMENTS}/:deployment_id`, ({ query, space, id }) => {
    checkSpaceQuery(space, query);
    return Response.json(describeDeployment(space, findDeployment(space, id)));
  }),
  operation('UpdateDeployment', 'PATCH', `${DEPLOYMENTS}/:deployment_id`, async ({ request, query, space, id }) => {
    checkSpaceQuery(space, query);
    const deployment = findDeployment(space, id);
    const patch = await readJson(request, /^application\/json-patch\+json\b/i);
    const status = patchDeployment(space, deployment, patch) ? 202 : 200;
    return Response.json(describeDeployment(space, deployment), { status });
  }),
  operation('DeleteDeployment', 'DELETE', `${DEPLOYMENTS}/:deployment_id`, ({ query, space, id }) => {
    checkSpaceQuery(space, query);
    if (!space.remove(id)) throw notFound('deployment', id);
    return new Response(null, { status: 204 });
  }),
  operation('CreatePrediction', 'POST', `${DEPLOYMENTS}/:deployment_id/predictions`, async ({ request, space, id, account }) =>
    Response.json(await predict(space, id, await readJson(request), account.dependencies.models)),
  ),
  operation('ListModels', 'GET', MODELS, ({ query, space }) => {
    checkSpaceQuery(space, query);
    return Response.json(listModels(space, query));
  }),
  operation('GetModel', 'GET', `${MODELS}/:model_id`, ({ query, space, id }) => {
    checkSpaceQuery(space, query);
    const model = space.models.find((each) => each.id === id);
    if (!model) throw notFound('model', id);
    return Response.json(describeModel(space, model));
  }),
];

const spec: ServiceSpec = {
  cloud: 'ibm',
  service: 'watsonx-ai',
  title: 'IBM watsonx.ai Runtime (Watson Machine Learning)',
  layer: 'PaaS',
  isRegional: true,
  needsTls: false,
  hosts: (region) => [`${region}.ml.cloud.ibm.com`],
  auth: ['ibm-iam'],
  sdk: { package: '@ibm-cloud/watsonx-ai', override: 'WatsonXAI.newInstance({ serviceUrl, authenticator })' },
  operations: OPERATIONS.map(({ name, request }) => ({ name, request })),
  quota: { requestsPerS: null, source: 'no published figure was found' },
  errors: {
    'forged-credential': { status: 401, code: 'authentication_token_not_valid' },
    'expired-credential': { status: 401, code: 'authentication_token_expired' },
    'revoked-credential': { status: 401, code: 'authentication_token_not_valid' },
    'missing-permission': { status: 403, code: 'authorization_rejected' },
    'malformed-request': { status: 400, code: 'invalid_request_entity' },
    'unknown-resource': { status: 404, code: 'deployment_does_not_exist' },
    throttled: { status: 429, code: 'rate_limit_reached_requests' },
    'quota-exceeded': { status: 403, code: 'deployments_plan_limit_reached' },
    unavailable: { status: 503, code: 'service_unavailable' },
  },
  source:
    '@ibm-cloud/watsonx-ai 1.7.16; error codes as public code and users report them (searched November 2026), deployments_plan_limit_reached as IBM’s troubleshooting page of 2017 has it',
};

/** Lets in a token that IAM issued. @throws {WatsonxError} */
const authenticate = async (request: Request, { tokens }: IbmAccount): Promise<void> => {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  const check = token === undefined ? 'missing' : await tokens.check(token);
  if (check === 'good') return;
  if (check === 'expired') {
    throw new WatsonxError(401, 'authentication_token_expired', 'Failed to authenticate the request due to an expired token');
  }
  const message =
    check === 'missing'
      ? 'Failed to authenticate the request due to missing authorization token'
      : 'Failed to authenticate the request due to invalid token: Failed to parse and verify token';
  throw new WatsonxError(401, 'authentication_token_not_valid', message);
};

const serve = async (account: IbmAccount, region: string, { name, answer }: Operation, request: Request, id: string) => {
  await authenticate(request, account);
  if (!account.rates.admits(spec.service, region)) throw failure('throttled');
  if (!account.permissions.allows(spec.service, name)) {
    throw new WatsonxError(
      403,
      'authorization_rejected',
      `The user '${account.iamId}' is not authorized to perform this operation.`,
    );
  }
  const query = new URL(request.url).searchParams;
  checkVersion(query);
  return answer({ request, query, id, space: account.spaceIn(region), account });
};

/** watsonx.ai in one region: deployments of stored models, and their predictions. */
export const watsonx: CloudService<IbmAccount> = {
  spec,
  create(account, region) {
    const app = new Hono();
    for (const each of OPERATIONS) {
      app.on(each.method, each.path, (context) => {
        const [id = ''] = Object.values<string>(context.req.param());
        return serve(account, region, each, context.req.raw, id);
      });
    }
    app.notFound((context) =>
      watsonxErrorResponse(new WatsonxError(404, 'not_found', `There is no ${context.req.method} ${context.req.path}.`)),
    );
    app.onError(watsonxErrorResponse);
    return async (request) => {
      const response = await app.fetch(request);
      response.headers.set('x-global-transaction-id', crypto.randomUUID().replaceAll('-', ''));
      return response;
    };
  },
  failure: failureResponse,
};
