import { afterEach, describe, expect, test, vi } from 'vitest';
import { huggingFace } from '../../../mocks/huggingface/cloud.ts';
import { endpointId, inferenceEndpoints } from '../../../mocks/huggingface/services/inference-endpoints.ts';
import { IRELAND, mountHuggingFace, refusal, VIRGINIA } from '../../support/huggingface.ts';
import { stubModels } from '../../support/model.ts';

afterEach(() => {
  vi.useRealTimers();
});

const DAY = 'What a lovely day!';
const HOUR_MS = 60 * 60 * 1000;

describe('@huggingface/inference, unmodified, at a dedicated endpoint', () => {
  test('classifies, embeds and chats in each region', async () => {
    await using huggingface = await mountHuggingFace();
    const client = huggingface.client();
    for (const region of [VIRGINIA, IRELAND]) {
      const at = (model: string) => `${huggingface.originOf('inference-endpoints', region)}/${model}`;
      expect((await client.textClassification({ endpointUrl: at('squall/sentiment'), inputs: DAY }))[0]?.label).toBe('positive');
      expect(await client.featureExtraction({ endpointUrl: at('squall/embedding'), inputs: DAY })).toHaveLength(64);
      const messages = [{ role: 'user', content: 'Are you well?' }];
      const endpointUrl = at('squall/persuasion');
      const { choices } = await client.chatCompletion({ endpointUrl, messages, max_tokens: 2 });
      expect(choices[0]?.finish_reason).toBe('length');
      let words = 0;
      for await (const { choices } of client.chatCompletionStream({ endpointUrl, messages, max_tokens: 2 })) {
        if (choices[0]?.delta.content) words += 1;
      }
      expect(words).toBe(2);
    }
  });

  test('is throttled in one region, and served in the other', async () => {
    await using huggingface = await mountHuggingFace();
    const call = (region: string) => {
      const endpointUrl = `${huggingface.originOf('inference-endpoints', region)}/squall/sentiment`;
      return huggingface.client().textClassification({ endpointUrl, inputs: DAY });
    };
    await huggingface.account.control({
      type: 'set-quota',
      region: VIRGINIA,
      service: 'inference-endpoints',
      requestsPerS: 0.001,
    });
    await call(VIRGINIA);
    expect((await refusal(call(VIRGINIA))).httpResponse).toMatchObject({ status: 429, body: { error: 'Too Many Requests' } });
    for (let count = 0; count < 5; count += 1) expect(await call(IRELAND)).toHaveLength(3);
  });
});

describe('an endpoint', () => {
  const open = async () => {
    const account = await huggingFace.open([VIRGINIA], { models: stubModels });
    const handler = inferenceEndpoints.create(account, VIRGINIA);
    return (host: string, headers: Record<string, string> = {}, token = account.credential.accessToken) =>
      handler(
        new Request(`https://${host}/`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, ...headers },
          body: JSON.stringify({ inputs: DAY }),
        }),
      );
  };
  const host = `${endpointId('squall/sentiment', VIRGINIA)}.${VIRGINIA}.aws.endpoints.huggingface.cloud`;

  test('has a host of its own in each region, and answers at its root', async () => {
    const call = await open();
    expect(inferenceEndpoints.spec.hosts(VIRGINIA)).toContain(host);
    const hosts = [VIRGINIA, IRELAND].flatMap((region) => inferenceEndpoints.spec.hosts(region));
    expect(new Set(hosts).size).toBe(8);
    for (const each of hosts) expect(each).toMatch(/^[a-z0-9]{16}\.[\w-]+\.aws\.endpoints\.huggingface\.cloud$/);
    expect((await call(host)).status).toBe(200);
    expect((await call(`nobody.${VIRGINIA}.aws.endpoints.huggingface.cloud`)).status).toBe(404);
    expect((await call(`nobody.${VIRGINIA}.aws.endpoints.huggingface.cloud`, {}, 'hf_nobody')).status).toBe(401);
  });

  test('scales to zero after an hour, and starts with the next request', async () => {
    vi.useFakeTimers();
    const call = await open();
    expect((await call(host)).status).toBe(200);
    vi.setSystemTime(Date.now() + HOUR_MS);
    expect((await call(host)).status).toBe(503);
    expect((await call(host, { 'x-scale-up-timeout': 'soon' })).status).toBe(400);
    const held = call(host, { 'x-scale-up-timeout': '60' });
    await vi.advanceTimersByTimeAsync(20_000);
    expect((await held).status).toBe(200);
    expect((await call(host)).status).toBe(200);
  });

  test('that starts longer than a request may be held answers 503 then', async () => {
    vi.useFakeTimers();
    const call = await open();
    vi.setSystemTime(Date.now() + HOUR_MS);
    const startedMs = Date.now();
    const held = call(host, { 'x-scale-up-timeout': '5' });
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await held).status).toBe(503);
    expect(Date.now() - startedMs).toBe(5_000);
  });
});
