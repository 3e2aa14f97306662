import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { IbmAccount } from '../account.ts';
import { failureResponse } from '../errors.ts';
import {
  createDeployment,
  describeDeployment,
  filterDeployments,
  findDeployment,
  patchDeployment,
} from '../watsonx/deployments.ts';
import { notFound, WatsonxError } from '../watsonx/errors.ts';
import { describeModel, listModels } from '../watsonx/models.ts';
import { predict } from '../watsonx/predictions.ts';
import { checkSpaceQuery, readJson } from '../watsonx/request.ts';
import { type Call, type Operation, operation, serveOperations } from '../watsonx/serve.ts';

const DEPLOYMENTS = '/ml/v4/deployments';
const MODELS = '/ml/v4/models';

/** The JavaScript SDK sends a patch as what it is, the Python one (ibm_watsonx_ai 1.8.1) as plain JSON. */
const PATCH_TYPES = /^application\/(json-patch\+)?json\b/i;

const listDeployments = ({ query, origin, space }: Call): Response => {
  const servingName = query.get('serving_name');
  if (query.get('conflict') === 'true' && servingName !== null) {
    if (!space.find(servingName)) return new Response(null, { status: 204 });
    throw new WatsonxError(409, 'serving_name_not_available', `The serving name '${servingName}' is in use.`);
  }
  checkSpaceQuery(space, query);
  const resources = filterDeployments(space, query).map((deployment) => describeDeployment(space, deployment, origin));
  const first = { href: `${origin}${DEPLOYMENTS}?version=${query.get('version')}` };
  return Response.json({ total_count: resources.length, limit: 100, first, resources });
};

const OPERATIONS: readonly Operation[] = [
  operation('CreateDeployment', 'POST', DEPLOYMENTS, async ({ request, origin, space }) => {
    const deployment = createDeployment(space, await readJson(request));
    return Response.json(describeDeployment(space, deployment, origin), { status: 202 });
  }),
  operation('ListDeployments', 'GET', DEPLOYMENTS, listDeployments),
  operation('GetDeployment', 'GET', `${DEPLOYMENTS}/:deployment_id`, ({ query, origin, space, id }) => {
    checkSpaceQuery(space, query);
    return Response.json(describeDeployment(space, findDeployment(space, id), origin));
  }),
  operation('UpdateDeployment', 'PATCH', `${DEPLOYMENTS}/:deployment_id`, async ({ request, query, origin, space, id }) => {
    checkSpaceQuery(space, query);
    const deployment = findDeployment(space, id);
    const patch = await readJson(request, PATCH_TYPES);
    const status = patchDeployment(space, deployment, patch) ? 202 : 200;
    return Response.json(describeDeployment(space, deployment, origin), { status });
  }),
  operation('DeleteDeployment', 'DELETE', `${DEPLOYMENTS}/:deployment_id`, ({ query, space, id }) => {
    checkSpaceQuery(space, query);
    if (!space.remove(id)) throw notFound('deployment', id);
    return new Response(null, { status: 204 });
  }),
  operation('CreatePrediction', 'POST', `${DEPLOYMENTS}/:deployment_id/predictions`, async ({ request, space, id, account }) =>
    Response.json(await predict(space, id, await readJson(request), account.dependencies.models)),
  ),
  operation('ListModels', 'GET', MODELS, ({ query, origin, space }) => {
    checkSpaceQuery(space, query);
    return Response.json(listModels(space, query, origin));
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
  needsTls: true,
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

/** watsonx.ai in one region: deployments of stored models, and their predictions. */
export const watsonx: CloudService<IbmAccount> = {
  spec,
  create: (account, region) => serveOperations(account, region, spec, OPERATIONS),
  failure: failureResponse,
};
