import { GLOBAL } from '../../cloud/cloud.ts';
import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { HuggingFaceAccount } from '../account.ts';
import { findModel, type Model } from '../catalog.ts';
import { errorResponse, failureResponse, HuggingFaceError, hubThrottled } from '../errors.ts';
import type { AccessToken } from '../tokens.ts';
import { inferenceEndpoints } from './inference-endpoints.ts';
import { inferenceProviders } from './inference-providers.ts';
import { createApp, numbered } from './serve.ts';

const WHO_AM_I = 'WhoAmI';
const MODEL_INFO = 'ModelInfo';
/** Models have the one branch here. */
const REVISIONS = ['main', 'HEAD'];
/** When all of them were published. */
const PUBLISHED_AT = '2026-11-25T00:00:00.000Z';

const spec: ServiceSpec = {
  cloud: 'huggingface',
  service: 'hub',
  title: 'Hugging Face Hub: identity and models',
  layer: 'shared',
  isRegional: false,
  needsTls: false,
  hosts: () => ['huggingface.co'],
  auth: ['hugging-face-token'],
  sdk: { package: '@huggingface/hub', override: 'hubUrl' },
  operations: [
    { name: WHO_AM_I, request: 'GET /api/whoami-v2' },
    { name: MODEL_INFO, request: 'GET /api/models/{owner}/{name}[/revision/{revision}]?expand[]=inferenceProviderMapping' },
  ],
  quota: {
    requestsPerS: null,
    source:
      'A free user has 1,000 API requests in 5 minutes (huggingface.co/docs/hub/rate-limits, in a copy, searched November 2026), which are not counted; a fault sets a rate.',
  },
  errors: {
    'forged-credential': { status: 401, code: 'HubApiError' },
    'expired-credential': { status: 401, code: 'HubApiError' },
    'revoked-credential': { status: 401, code: 'HubApiError' },
    'missing-permission': { status: 403, code: 'HubApiError' },
    'unknown-resource': { status: 404, code: 'HubApiError' },
    throttled: { status: 429, code: 'HubApiError' },
    unavailable: { status: 503, code: 'HubApiError' },
  },
  source:
    '@huggingface/hub 2.17.5, @huggingface/inference 4.13.30; texts of refusals as users report them (searched November 2026)',
};

const permissionsOf = ({ permissions }: HuggingFaceAccount): string[] =>
  [
    { permission: 'inference.serverless.write', of: inferenceProviders.spec },
    { permission: 'inference.endpoints.infer.write', of: inferenceEndpoints.spec },
  ]
    .filter(({ of }) => of.operations.every(({ name }) => permissions.allows(of.service, name)))
    .map(({ permission }) => permission);

const describeUser = (account: HuggingFaceAccount, { displayName, createdAtMs }: AccessToken) => ({
  type: 'user',
  id: account.userId,
  name: account.userName,
  fullname: account.userName,
  isPro: false,
  canPay: false,
  billingMode: 'postpaid',
  periodEnd: null,
  emailVerified: true,
  avatarUrl: `/avatars/${account.userId}.svg`,
  orgs: [],
  auth: {
    type: 'access_token',
    accessToken: {
      displayName,
      role: 'fineGrained',
      createdAt: new Date(createdAtMs).toISOString(),
      fineGrained: {
        canReadGatedRepos: false,
        global: [],
        scoped: [{ entity: { _id: account.userId, type: 'user', name: account.userName }, permissions: permissionsOf(account) }],
      },
    },
  },
});

const describeModel = (model: Model, expand: readonly string[]) => ({
  id: model.id,
  modelId: model.id,
  private: false,
  gated: false,
  pipeline_tag: model.pipelineTag,
  likes: 0,
  downloads: 0,
  lastModified: PUBLISHED_AT,
  createdAt: PUBLISHED_AT,
  ...(expand.includes('inferenceProviderMapping')
    ? { inferenceProviderMapping: { 'hf-inference': { status: 'live', providerId: model.id, task: model.task } } }
    : {}),
  ...(expand.includes('inference') ? { inference: 'warm' } : {}),
});

/** @param code by which huggingface_hub tells what is not there (`hf_raise_for_status` of 2.4) */
const notFound = (code: 'RepoNotFound' | 'RevisionNotFound', message: string) =>
  new HuggingFaceError(404, message, {}, { 'x-error-code': code });

/** The Hub, as far as inference needs it: whose token it is, and which provider serves a model. */
export const hub: CloudService<HuggingFaceAccount> = {
  spec,
  create(account) {
    const app = createApp();
    app.get('/api/whoami-v2', ({ req }) => {
      const denied = 'This authentication method does not have sufficient permissions to read the user';
      return Response.json(describeUser(account, account.admit(spec, GLOBAL, WHO_AM_I, req.raw, denied, hubThrottled)));
    });
    const info = (id: string, request: Request): Response => {
      const denied = 'This authentication method does not have sufficient permissions to read models';
      // Public models are anyone's; a token that is shown must be good all the same.
      if (request.headers.has('authorization')) account.admit(spec, GLOBAL, MODEL_INFO, request, denied, hubThrottled);
      const model = findModel(id);
      if (!model) throw notFound('RepoNotFound', 'Repository not found');
      const query = new URL(request.url).searchParams;
      return Response.json(describeModel(model, [...query.getAll('expand'), ...query.getAll('expand[]')]));
    };
    app.get('/api/models/:owner/:name', ({ req }) => info(`${req.param('owner')}/${req.param('name')}`, req.raw));
    app.get('/api/models/:owner/:name/revision/:revision', ({ req }) => {
      const { owner, name, revision } = req.param();
      if (!REVISIONS.includes(revision)) throw notFound('RevisionNotFound', `Invalid rev id: ${revision}`);
      return info(`${owner}/${name}`, req.raw);
    });
    return numbered(app);
  },
  failure: (condition) => (condition === 'throttled' ? errorResponse(hubThrottled()) : failureResponse(condition)),
};
