import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import { sha256Hex } from '../../shared/sha256.ts';
import type { HuggingFaceAccount } from '../account.ts';
import { findModel, type Model } from '../catalog.ts';
import { HuggingFaceError } from '../errors.ts';
import { runTask } from '../tasks/run.ts';
import { createWarmth, waitFor } from '../warmth.ts';
import { createApp, numbered } from './serve.ts';

const INFER = 'Infer';
const CHAT = 'ChatCompletion';
const HEALTH = 'Health';

/** What the account has deployed in each region, each model on a host of its own. */
const DEPLOYED = ['squall/sentiment', 'squall/embedding', 'squall/digits', 'squall/persuasion'] as const;

/** An endpoint's id, the first label of its host: 16 small letters and digits. The same for every account. */
export const endpointId = (model: string, region: string): string =>
  BigInt(`0x${sha256Hex(`${model} in ${region}`)}`)
    .toString(36)
    .slice(0, 16);

const hostOf = (model: string, region: string): string =>
  `${endpointId(model, region)}.${region}.aws.endpoints.huggingface.cloud`;

const spec: ServiceSpec = {
  cloud: 'huggingface',
  service: 'inference-endpoints',
  title: 'Hugging Face Inference Endpoints (dedicated)',
  layer: 'PaaS',
  isRegional: true,
  needsTls: false,
  hosts: (region) => DEPLOYED.map((model) => hostOf(model, region)),
  auth: ['hugging-face-token'],
  sdk: {
    package: '@huggingface/inference',
    override: 'endpointUrl; on an origin that is not the endpoint’s own, with the path /{model}',
  },
  operations: [
    { name: INFER, request: 'POST /' },
    { name: CHAT, request: 'POST /v1/chat/completions' },
    { name: HEALTH, request: 'GET /health' },
  ],
  quota: { requestsPerS: null, source: 'An endpoint is as fast as its hardware; no published request rate was found' },
  errors: {
    'forged-credential': { status: 401, code: 'ProviderApiError' },
    'expired-credential': { status: 401, code: 'ProviderApiError' },
    'revoked-credential': { status: 401, code: 'ProviderApiError' },
    'missing-permission': { status: 403, code: 'ProviderApiError' },
    'malformed-request': { status: 400, code: 'ProviderApiError' },
    'unknown-resource': { status: 404, code: 'ProviderApiError' },
    throttled: { status: 429, code: 'ProviderApiError' },
    unavailable: { status: 503, code: 'ProviderApiError' },
  },
  source:
    '@huggingface/inference 4.13.30; scaling as huggingface.co/docs/inference-endpoints/guides/autoscaling says, in a copy (searched November 2026); refusals of the inference toolkit and text-generation-inference',
};

/** Longest that the proxy holds a request for an endpoint that starts, seconds: what users ask for at most; no limit of Hugging Face's was found. */
const LONGEST_HOLD_S = 600;

/** Seconds that a request may be held while its endpoint starts. @throws {HuggingFaceError} 400 */
const holdOf = (request: Request): number => {
  const text = request.headers.get('x-scale-up-timeout');
  if (text === null) return 0;
  if (!/^\d+$/.test(text)) throw new HuggingFaceError(400, 'X-Scale-Up-Timeout must be a whole number of seconds');
  return Math.min(Number(text), LONGEST_HOLD_S);
};

/**
 * The dedicated endpoints of a region. A request's host says which one is meant; where all share an origin (a loopback socket),
 * the path begins with the model's name, e.g. `/squall/sentiment/v1/chat/completions`.
 */
export const inferenceEndpoints: CloudService<HuggingFaceAccount> = {
  spec,
  create(account, region) {
    const denied = 'This authentication method does not have sufficient permissions to call Inference Endpoints';
    const app = createApp();

    const serve = (host: string, prefix: string, model: Model): void => {
      const warmth = createWarmth();

      const admit = async (operation: string, request: Request): Promise<void> => {
        account.admit(spec, region, operation, request, denied);
        const waitMs = warmth.touch();
        if (waitMs === 0) return;
        // The proxy answers for the replica that is not there yet, or holds the request for as long as it may.
        const holdMs = holdOf(request) * 1000;
        await waitFor(Math.min(waitMs, holdMs));
        if (holdMs < waitMs) throw new HuggingFaceError(503, 'Service Unavailable');
      };

      const onHost = (path: string) => [`${host}${path}`, `${prefix}${path}`];
      const routes = new Map<string, (request: Request) => Promise<Response>>();
      for (const route of [...onHost('/'), prefix]) {
        routes.set(`POST ${route}`, async (request) => {
          await admit(INFER, request);
          return runTask(model.task, model, request, account.dependencies.models);
        });
      }
      for (const route of onHost('/v1/chat/completions')) {
        routes.set(`POST ${route}`, async (request) => {
          await admit(CHAT, request);
          if (model.task !== 'conversational') throw new HuggingFaceError(404, 'Not Found');
          return runTask(model.task, model, request, account.dependencies.models);
        });
      }
      for (const route of onHost('/health')) {
        routes.set(`GET ${route}`, async (request) => {
          await admit(HEALTH, request);
          return new Response('OK');
        });
      }
      for (const [route, answer] of routes) handlers.set(route, answer);
    };

    const handlers = new Map<string, (request: Request) => Promise<Response>>();
    for (const id of DEPLOYED) {
      const model = findModel(id);
      if (model) serve(hostOf(id, region), `/${id}`, model);
    }
    app.all('*', ({ req }) => {
      const { hostname, pathname } = new URL(req.url);
      const answer = handlers.get(`${req.method} ${hostname}${pathname}`) ?? handlers.get(`${req.method} ${pathname}`);
      if (answer) return answer(req.raw);
      account.tokens.authenticate(req.raw);
      throw new HuggingFaceError(404, 'Not Found');
    });
    return numbered(app);
  },
};
