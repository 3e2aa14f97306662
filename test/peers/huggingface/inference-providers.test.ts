import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceClient, InferenceClientProviderApiError } from '@huggingface/inference';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { packageRoot } from '../../../harness/package-root.ts';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import { GLOBAL } from '../../../mocks/cloud/cloud.ts';
import { MODELS } from '../../../mocks/huggingface/catalog.ts';
import { huggingFace } from '../../../mocks/huggingface/cloud.ts';
import { forgeToken, mountHuggingFace, ONCE, refusal } from '../../support/huggingface.ts';
import { stubModels } from '../../support/model.ts';

afterEach(() => {
  vi.useRealTimers();
});

const DAY = 'What a lovely day!';
const messages = [{ role: 'user', content: 'What do you think of marriage, Captain?' }];

describe('@huggingface/inference, unmodified', () => {
  test('classifies texts', async () => {
    await using huggingface = await mountHuggingFace();
    const endpointUrl = huggingface.modelAt('squall/sentiment');
    const answer = await huggingface.client().textClassification({ endpointUrl, inputs: DAY });
    expect(answer.map(({ label }) => label)).toEqual(['positive', 'neutral', 'negative']);
    expect(answer.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 9);
    const parameters = { top_k: 1 };
    const [bad, ...rest] = await huggingface
      .client()
      .textClassification({ endpointUrl, inputs: 'It broke. Terrible.', parameters });
    expect([bad?.label, rest]).toEqual(['negative', []]);
  });

  test('extracts features, one vector a text, and compares sentences', async () => {
    await using huggingface = await mountHuggingFace();
    const endpointUrl = huggingface.modelAt('squall/embedding');
    const one = await huggingface.client().featureExtraction({ endpointUrl, inputs: DAY });
    expect(one).toHaveLength(64);
    const several = await huggingface.client().featureExtraction({ endpointUrl, inputs: [DAY, 'The camera broke.'] });
    expect(several).toEqual([one, expect.any(Array)]);
    const scores = await huggingface.client().sentenceSimilarity({
      endpointUrl,
      inputs: {
        source_sentence: 'a funny comedy with a great cast',
        sentences: ['an entertaining thriller', 'the battery lasts long'],
      },
    });
    expect(scores[0]).toBeGreaterThan(scores[1]!);
  });

  test('sees a digit', async () => {
    await using huggingface = await mountHuggingFace(await createOnnxRuntime(['digits']));
    const picture = readFileSync(join(packageRoot, 'mocks', 'models', 'vision', 'samples', '7-1.png'));
    const endpointUrl = huggingface.modelAt('squall/digits');
    const answer = await huggingface
      .client()
      .imageClassification({ endpointUrl, data: new Blob([picture], { type: 'image/png' }) });
    expect(answer).toHaveLength(5);
    expect(answer[0]?.label).toBe('7');
  });

  test('chats, in one answer or word by word', async () => {
    await using huggingface = await mountHuggingFace();
    const call = { endpointUrl: huggingface.chatAt, model: 'squall/persuasion', messages, max_tokens: 12 };
    const whole = await huggingface.client().chatCompletion(call);
    const [choice] = whole.choices;
    expect(choice).toMatchObject({ index: 0, finish_reason: 'length', message: { role: 'assistant' } });
    expect(whole.usage).toEqual({ prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 });
    const said: string[] = [];
    let last: unknown;
    for await (const chunk of huggingface.client().chatCompletionStream({ ...call, stream_options: { include_usage: true } })) {
      said.push(chunk.choices[0]?.delta.content ?? '');
      last = chunk;
    }
    expect(said.join('')).toBe(choice?.message.content);
    expect(said.filter((word) => word !== '')).toHaveLength(12);
    expect(last).toMatchObject({ choices: [], usage: whole.usage });
  });

  test('gets the same answer for the same seed, and another for another', async () => {
    await using huggingface = await mountHuggingFace();
    const say = async (seed: number) => {
      const call = { endpointUrl: huggingface.chatAt, model: 'squall/persuasion', messages, max_tokens: 8, seed };
      return (await huggingface.client().chatCompletion(call)).choices[0]?.message.content;
    };
    expect(await say(1)).toBe(await say(1));
    expect(await say(1)).not.toBe(await say(2));
  });

  test('finds a model by its id alone, where the hosts are the real ones', async () => {
    const account = await huggingFace.open(huggingFace.regions, { models: stubModels });
    const handlers = new Map(
      huggingFace.services
        .filter(({ spec }) => !spec.isRegional)
        .flatMap((service) => service.spec.hosts(GLOBAL).map((host) => [host, service.create(account, GLOBAL)] as const)),
    );
    const fetch: typeof globalThis.fetch = async (url, init) => {
      const request = new Request(url, init);
      return handlers.get(new URL(request.url).hostname)!(request);
    };
    const client = new InferenceClient(account.credential.accessToken, { ...ONCE, fetch });
    const model = 'cardiffnlp/twitter-roberta-base-sentiment-latest';
    expect((await client.textClassification({ model, provider: 'hf-inference', inputs: DAY }))[0]?.label).toBe('positive');
    const chat = await client.chatCompletion({ model: 'meta-llama/Llama-3.1-8B-Instruct:fastest', messages, max_tokens: 3 });
    expect(chat.usage.completion_tokens).toBe(3);
  });

  test.each<[string, number, string, (token: string) => string]>([
    ['a token that never was', 401, 'Invalid credentials in Authorization header', forgeToken],
    ['no token', 401, 'Invalid credentials in Authorization header', () => ''],
  ])('is refused with %s', async (_what, status, message, change) => {
    await using huggingface = await mountHuggingFace();
    const shown = change(huggingface.token());
    const call = { endpointUrl: huggingface.modelAt('squall/sentiment'), inputs: DAY };
    const error = await refusal(huggingface.client(shown).textClassification(call));
    expect(error).toBeInstanceOf(InferenceClientProviderApiError);
    expect(error.httpResponse).toMatchObject({ status, body: { error: message }, requestId: expect.stringMatching(/^Root=1-/) });
    if (shown !== '') expect(JSON.stringify({ ...error, message: error.message })).not.toContain(shown);
  });

  test('is told that its token is over, and gets through with the next', async () => {
    await using huggingface = await mountHuggingFace();
    const call = { endpointUrl: huggingface.modelAt('squall/sentiment'), inputs: DAY };
    const old = huggingface.token();
    await huggingface.account.control({ type: 'expire-tokens' });
    const expired = await refusal(huggingface.client(old).textClassification(call));
    expect(expired.httpResponse).toMatchObject({ status: 401, body: { error: 'User Access Token "squall-1" is expired' } });
    expect(huggingface.token()).toMatch(/^hf_[A-Za-z]{34}$/);
    expect(await huggingface.client().textClassification(call)).toHaveLength(3);
    const second = huggingface.token();
    await huggingface.account.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    expect((await refusal(huggingface.client(second).textClassification(call))).httpResponse.status).toBe(401);
    expect(await huggingface.client().textClassification(call)).toHaveLength(3);
  });

  test('is told which permission its token lacks, of one operation alone', async () => {
    await using huggingface = await mountHuggingFace();
    const service = 'inference-providers';
    await huggingface.account.control({ type: 'set-permission', service, operation: 'ChatCompletion', isAllowed: false });
    const call = { endpointUrl: huggingface.chatAt, model: 'squall/persuasion', messages, max_tokens: 2 };
    const error = await refusal(huggingface.client().chatCompletion(call));
    expect(error.httpResponse).toMatchObject({
      status: 403,
      body: {
        error: expect.stringMatching(
          /^This authentication method does not have sufficient permissions to call Inference Providers on/,
        ),
      },
    });
    const endpointUrl = huggingface.modelAt('squall/sentiment');
    expect(await huggingface.client().textClassification({ endpointUrl, inputs: DAY })).toHaveLength(3);
  });

  test('waits for a model that has been idle', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await using huggingface = await mountHuggingFace();
    const call = { endpointUrl: huggingface.modelAt('squall/sentiment'), inputs: DAY };
    expect(await huggingface.client().textClassification(call)).toHaveLength(3);
    vi.setSystemTime(Date.now() + 60 * 60 * 1000);
    const error = await refusal(huggingface.client().textClassification(call));
    expect(error.httpResponse).toMatchObject({
      status: 503,
      body: { error: 'Model squall/sentiment is currently loading', estimated_time: 20 },
    });
    vi.setSystemTime(Date.now() + 15_000);
    expect((await refusal(huggingface.client().textClassification(call))).httpResponse.body).toMatchObject({ estimated_time: 5 });
    vi.setSystemTime(Date.now() + 5_000);
    expect(await huggingface.client().textClassification(call)).toHaveLength(3);
  });

  test.each<[string, number, unknown, Record<string, unknown>]>([
    ['no such model', 404, { error: { code: 'model_not_found' } }, { model: 'squall/nothing' }],
    [
      'a model that cannot chat',
      400,
      { error: { code: 'model_not_supported', message: "The requested model 'squall/sentiment' is not a chat model." } },
      { model: 'squall/sentiment' },
    ],
    ['no messages', 422, { error_type: 'validation' }, { messages: [] }],
    ['a role that is none', 422, { error_type: 'validation' }, { messages: [{ role: 'wizard', content: 'Hm.' }] }],
    ['no words', 422, { error: 'Input validation error: `max_new_tokens` must be strictly positive' }, { max_tokens: 0 }],
    ['too many words', 422, { error: expect.stringContaining('must be <= 4096') }, { max_tokens: 5000 }],
    ['a share above all', 422, { error: expect.stringContaining('`top_p`') }, { top_p: 1.5 }],
    ['heat', 422, { error: expect.stringContaining('`temperature`') }, { temperature: 9 }],
    ['many stops', 422, { error: expect.stringContaining('supports up to 4') }, { stop: ['a', 'b', 'c', 'd', 'e'] }],
    [
      'pictures',
      422,
      { error: expect.stringContaining('text alone') },
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
    ],
  ])('is refused a chat for %s, streamed or not', async (_what, status, body, change) => {
    await using huggingface = await mountHuggingFace();
    const call = { endpointUrl: huggingface.chatAt, model: 'squall/persuasion', messages, ...change } as never;
    expect((await refusal(huggingface.client().chatCompletion(call))).httpResponse).toMatchObject({ status, body });
    const stream = huggingface.client().chatCompletionStream(call);
    expect((await refusal(stream.next())).httpResponse).toMatchObject({ status, body });
  });
});

describe('the router', () => {
  const open = async () => {
    const account = await huggingFace.open(huggingFace.regions, { models: stubModels });
    const router = huggingFace.services.find(({ spec }) => spec.service === 'inference-providers')!.create(account, GLOBAL);
    const post = (path: string, body: BodyInit, token = account.credential.accessToken) =>
      router(
        new Request(`https://router.huggingface.co${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body,
        }),
      );
    return { account, post };
  };

  test('stops at a stop sequence, which it does not say', async () => {
    const { post } = await open();
    const say = async (stop?: string): Promise<{ content: string; reason: string }> => {
      const body = JSON.stringify({ model: 'squall/persuasion', messages, max_tokens: 30, temperature: 0, stop });
      const { choices } = await (await post('/v1/chat/completions', body)).json();
      return { content: choices[0].message.content, reason: choices[0].finish_reason };
    };
    const { content } = await say();
    const phrase = content.split(' ').slice(1, 3).join(' ');
    expect(phrase).toMatch(/^\S+ \S+$/);
    expect(await say(phrase)).toEqual({ content: content.slice(0, content.indexOf(phrase)), reason: 'stop' });
  });

  test('makes no more words once nobody reads them', async () => {
    const { post } = await open();
    const body = JSON.stringify({ model: 'squall/persuasion', messages, max_tokens: 4000, stream: true });
    const reader = (await post('/v1/chat/completions', body)).body!.getReader();
    const { value } = await reader.read();
    expect(new TextDecoder().decode(value)).toMatch(/^data: \{"object":"chat\.completion\.chunk".*\}\n\n$/);
    await reader.cancel();
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  test('a token with any character changed, added or left out is refused', async () => {
    const { account, post } = await open();
    const token = account.credential.accessToken!;
    const call = (shown: string) => post('/hf-inference/models/squall/sentiment', JSON.stringify({ inputs: DAY }), shown);
    expect((await call(token)).status).toBe(200);
    const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_');
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: token.length }), letter, fc.constantFrom(0, 1, 2), async (at, other, removed) => {
        const changed = token.slice(0, at) + other + token.slice(at + removed);
        fc.pre(changed !== token);
        expect((await call(changed)).status).toBe(401);
      }),
      { numRuns: 200 },
    );
  });

  test('whatever a body says, the answer is a result or a refusal with its reason', async () => {
    const { post } = await open();
    const field = fc.constantFrom('inputs', 'parameters', 'messages', 'model', 'max_tokens', 'top_p', 'stop', 'seed', 'stream');
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.dictionary(field, fc.jsonValue({ maxDepth: 2 })).map((value) => JSON.stringify(value)),
    );
    const path = fc.constantFrom('/v1/chat/completions', ...MODELS.map(({ id }) => `/hf-inference/models/${id}`));
    await fc.assert(
      fc.asyncProperty(path, body, async (at, text) => {
        const answer = await post(at, text);
        if (answer.status === 200) return void answer.body?.cancel();
        expect([400, 404, 422]).toContain(answer.status);
        expect(await answer.json()).toHaveProperty('error');
      }),
      { numRuns: 300 },
    );
  });
});
