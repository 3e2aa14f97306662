import { GLOBAL } from '../../cloud/cloud.ts';
import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { HuggingFaceAccount } from '../account.ts';
import { findModel, MODELS, type Model } from '../catalog.ts';
import { answerChat } from '../chat/answer.ts';
import { readChatRequest } from '../chat/request.ts';
import { HuggingFaceError, OpenAiError } from '../errors.ts';
import { readJson } from '../tasks/body.ts';
import { type PipelineTask, pipelineOf, runTask } from '../tasks/run.ts';
import { createWarmth, type Warmth, waitFor } from '../warmth.ts';
import { createApp, numbered } from './serve.ts';

const NAMES: Readonly<Record<PipelineTask, string>> = {
  'text-classification': 'TextClassification',
  'feature-extraction': 'FeatureExtraction',
  'sentence-similarity': 'SentenceSimilarity',
  'image-classification': 'ImageClassification',
  conversational: 'ChatCompletion',
};
const LIST_MODELS = 'ListModels';

const spec: ServiceSpec = {
  cloud: 'huggingface',
  service: 'inference-providers',
  title: 'Hugging Face Inference Providers',
  layer: 'SaaS',
  isRegional: false,
  needsTls: false,
  hosts: () => ['router.huggingface.co'],
  auth: ['hugging-face-token'],
  sdk: {
    package: '@huggingface/inference',
    override: 'endpointUrl, with the path: …/hf-inference/models/{model}, or …/v1 for chat',
  },
  operations: [
    { name: NAMES['text-classification'], request: 'POST /hf-inference/models/{model}' },
    { name: NAMES['feature-extraction'], request: 'POST /hf-inference/models/{model}[/pipeline/feature-extraction]' },
    { name: NAMES['sentence-similarity'], request: 'POST /hf-inference/models/{model}/pipeline/sentence-similarity' },
    { name: NAMES['image-classification'], request: 'POST /hf-inference/models/{model}' },
    { name: NAMES.conversational, request: 'POST /v1/chat/completions, /hf-inference/models/{model}/v1/chat/completions' },
    { name: LIST_MODELS, request: 'GET /v1/models' },
  ],
  quota: { requestsPerS: null, source: 'Billed by compute time; no published request rate was found' },
  errors: {
    'forged-credential': { status: 401, code: 'ProviderApiError' },
    'expired-credential': { status: 401, code: 'ProviderApiError' },
    'revoked-credential': { status: 401, code: 'ProviderApiError' },
    'missing-permission': { status: 403, code: 'ProviderApiError' },
    'malformed-request': { status: 400, code: 'ProviderApiError' },
    'unknown-resource': { status: 400, code: 'ProviderApiError' },
    throttled: { status: 429, code: 'ProviderApiError' },
    unavailable: { status: 503, code: 'ProviderApiError' },
  },
  source:
    '@huggingface/inference 4.13.30; inference toolkit and text-generation-inference for what they refuse; texts of the router’s refusals as users report them (searched November 2026)',
};

/** A text that names a model, without the provider or policy that may follow it, e.g. `:hf-inference`, `:fastest`. */
const withoutPolicy = (id: string): string => id.replace(/:[\w-]+$/, '');

/** The router: one host for all models, without regions. */
export const inferenceProviders: CloudService<HuggingFaceAccount> = {
  spec,
  create(account) {
    const { models } = account.dependencies;
    const warmth = new Map<string, Warmth>(MODELS.map(({ id }) => [id, createWarmth()]));
    const denied = `This authentication method does not have sufficient permissions to call Inference Providers on behalf of user ${account.userName}`;

    /** @throws {HuggingFaceError} 503 while the model loads, unless the request waits for it */
    const load = async ({ id }: Model, request: Request): Promise<void> => {
      const waitMs = warmth.get(id)?.touch() ?? 0;
      if (waitMs === 0) return;
      if (request.headers.get('x-wait-for-model') === 'true') return waitFor(waitMs);
      throw new HuggingFaceError(503, `Model ${id} is currently loading`, { estimated_time: waitMs / 1000 });
    };

    /** Looks up and admits. An id that is not served is known before the token is asked for its permission. */
    const runModel = async (id: string, named: string | undefined, request: Request): Promise<Response> => {
      account.tokens.authenticate(request);
      const model = findModel(id);
      if (!model) throw new HuggingFaceError(400, 'Model not supported by provider hf-inference');
      const task = pipelineOf(model, named);
      account.admit(spec, GLOBAL, NAMES[task], request, denied);
      await load(model, request);
      const answer = await runTask(task, model, request, models);
      answer.headers.set('x-inference-provider', 'hf-inference');
      return answer;
    };

    const app = createApp();
    app.get('/v1/models', ({ req }) => {
      account.admit(spec, GLOBAL, LIST_MODELS, req.raw, denied);
      const data = MODELS.filter(({ task }) => task === 'conversational').map(({ id }) => ({
        id,
        object: 'model',
        created: 0,
        owned_by: id.split('/')[0],
        providers: [{ provider: 'hf-inference', status: 'live' }],
      }));
      return Response.json({ object: 'list', data });
    });
    app.post('/v1/chat/completions', async ({ req }) => {
      account.admit(spec, GLOBAL, NAMES.conversational, req.raw, denied);
      const body = await readJson(req.raw);
      if (typeof body.model !== 'string')
        throw new OpenAiError(400, 'missing_required_parameter', "'model' is required", 'model');
      const model = findModel(withoutPolicy(body.model));
      if (!model) throw new OpenAiError(404, 'model_not_found', `The requested model '${body.model}' does not exist.`, 'model');
      if (model.task !== 'conversational') {
        const message = `The requested model '${body.model}' is not a chat model.`;
        throw new OpenAiError(400, 'model_not_supported', message, 'model');
      }
      const chat = readChatRequest(body);
      await load(model, req.raw);
      const answer = await answerChat(chat, model.id);
      answer.headers.set('x-inference-provider', 'hf-inference');
      return answer;
    });
    const MODEL = '/hf-inference/models/:owner/:name';
    const idOf = (param: { owner: string; name: string }): string => `${param.owner}/${param.name}`;
    app.post(MODEL, ({ req }) => runModel(idOf(req.param()), undefined, req.raw));
    app.post(`${MODEL}/pipeline/:task`, ({ req }) => runModel(idOf(req.param()), req.param('task'), req.raw));
    app.post(`${MODEL}/v1/chat/completions`, ({ req }) => runModel(idOf(req.param()), 'conversational', req.raw));
    return numbered(app);
  },
};
