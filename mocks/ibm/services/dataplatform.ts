import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { IbmAccount } from '../account.ts';
import { failureResponse } from '../errors.ts';
import { invalidArgument, notFound, WatsonxError } from '../watsonx/errors.ts';
import { checkSpaceQuery } from '../watsonx/request.ts';
import { type Operation, operation, serveOperations } from '../watsonx/serve.ts';
import { describeSoftwareSpecification, SOFTWARE_SPECIFICATION } from '../watsonx/software-specification.ts';
import type { Space } from '../watsonx/space.ts';

const SPACES = '/v2/spaces';
const SPECIFICATIONS = '/v2/software_specifications';

/** Region whose host has no region in it. */
const HOME = 'us-south';

const hostOf = (region: string): string => `api.${region === HOME ? '' : `${region}.`}dataplatform.cloud.ibm.com`;

/** A space as the API shows it. Fields: what ibm_watsonx_ai 1.8.1 reads (Set.py, spaces.py); read November 2026. */
const describeSpace = ({ id, region, owner, createdAt, instanceId }: Space) => ({
  metadata: { id, url: `${SPACES}/${id}`, creator_id: owner, created_at: createdAt, updated_at: createdAt },
  entity: {
    name: `squall-${region}`,
    description: '',
    compute: [{ name: `squall-${region}`, guid: instanceId, type: 'machine_learning' }],
    members: [{ id: owner, role: 'admin', state: 'active', type: 'service' }],
    status: { state: 'active' },
    type: 'wx',
  },
});

/** What the Python SDK asks for at most. */
const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 100;

const unversioned = (name: string, method: Operation['method'], path: string, answer: Operation['answer']) =>
  operation(name, method, path, answer, { isVersioned: false });

const OPERATIONS: readonly Operation[] = [
  unversioned('ListSpaces', 'GET', SPACES, ({ query, space }) => {
    const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw invalidArgument(`'limit' is 1 to ${MAX_LIMIT}.`);
    const description = describeSpace(space);
    const name = query.get('name');
    const type = query.get('type');
    const isListed = (name === null || name === description.entity.name) && (type === null || type === description.entity.type);
    const first = { href: `${SPACES}?limit=${limit}` };
    return Response.json({ first, limit, resources: isListed ? [description] : [] });
  }),
  unversioned('GetSpace', 'GET', `${SPACES}/:space_id`, ({ space, id }) => {
    if (id !== space.id) throw notFound('space', id);
    return Response.json(describeSpace(space));
  }),
  unversioned('ListSoftwareSpecifications', 'GET', SPECIFICATIONS, ({ query, space }) => {
    if (query.has('space_id') || query.has('project_id')) checkSpaceQuery(space, query);
    return Response.json({ total_results: 1, resources: [describeSoftwareSpecification()] });
  }),
  unversioned('GetSoftwareSpecification', 'GET', `${SPECIFICATIONS}/:specification_id`, ({ id }) => {
    if (id === SOFTWARE_SPECIFICATION.id) return Response.json(describeSoftwareSpecification());
    throw new WatsonxError(404, 'not_found', `The software specification '${id.slice(0, 100)}' does not exist.`);
  }),
];

const spec: ServiceSpec = {
  cloud: 'ibm',
  service: 'dataplatform',
  title: 'IBM watsonx platform: deployment spaces and software specifications',
  layer: 'shared',
  isRegional: true,
  needsTls: true,
  hosts: (region) => [hostOf(region)],
  auth: ['ibm-iam'],
  // The Python SDK asks it first; the JavaScript one has no call for it.
  sdk: null,
  operations: OPERATIONS.map(({ name, request }) => ({ name, request })),
  quota: { requestsPerS: null, source: 'no published figure was found' },
  errors: {
    'forged-credential': { status: 401, code: 'authentication_token_not_valid' },
    'expired-credential': { status: 401, code: 'authentication_token_expired' },
    'revoked-credential': { status: 401, code: 'authentication_token_not_valid' },
    'missing-permission': { status: 403, code: 'authorization_rejected' },
    'malformed-request': { status: 400, code: 'invalid_input_argument' },
    'unknown-resource': { status: 404, code: 'space_does_not_exist' },
    throttled: { status: 429, code: 'rate_limit_reached_requests' },
    unavailable: { status: 503, code: 'service_unavailable' },
  },
  source:
    'ibm_watsonx_ai 1.8.1 (PyPI): hosts, paths and fields; read November 2026. Errors are in the words of watsonx.ai Runtime, for the platform’s own were not found',
};

/** The platform around watsonx.ai: where its Python SDK looks a deployment space up before anything else. */
export const dataplatform: CloudService<IbmAccount> = {
  spec,
  create: (account, region) => serveOperations(account, region, spec, OPERATIONS),
  failure: failureResponse,
};
