import { HubApiError, modelInfo, whoAmI } from '@huggingface/hub';
import { describe, expect, test } from 'vitest';
import { forgeToken, mountHuggingFace } from '../../support/huggingface.ts';

describe('@huggingface/hub, unmodified', () => {
  test('says whose token it is', async () => {
    await using huggingface = await mountHuggingFace();
    const user = await whoAmI({ hubUrl: huggingface.originOf('hub'), accessToken: huggingface.token() });
    expect(user).toMatchObject({
      type: 'user',
      id: huggingface.account.userId,
      name: huggingface.account.userName,
      auth: { type: 'access_token', accessToken: { displayName: 'squall-1', role: 'fineGrained', createdAt: expect.any(Date) } },
    });
    expect(JSON.stringify(user)).not.toContain(huggingface.token());
  });

  test('says what the token may do', async () => {
    await using huggingface = await mountHuggingFace();
    const permissions = async (): Promise<unknown> => {
      const { auth } = await whoAmI({ hubUrl: huggingface.originOf('hub'), accessToken: huggingface.token() });
      return auth.accessToken;
    };
    const having = (...list: string[]) =>
      expect.objectContaining({
        fineGrained: expect.objectContaining({ scoped: [expect.objectContaining({ permissions: list })] }),
      });
    expect(await permissions()).toEqual(having('inference.serverless.write', 'inference.endpoints.infer.write'));
    await huggingface.account.control({
      type: 'set-permission',
      service: 'inference-providers',
      operation: '*',
      isAllowed: false,
    });
    expect(await permissions()).toEqual(having('inference.endpoints.infer.write'));
  });

  test('finds models, with a token or none', async () => {
    await using huggingface = await mountHuggingFace();
    const hubUrl = huggingface.originOf('hub');
    const name = 'squall/sentiment';
    const model = await modelInfo({ hubUrl, name, additionalFields: ['inferenceProviderMapping'] });
    expect(model).toMatchObject({ name, task: 'text-classification', private: false });
    expect(model.inferenceProviderMapping).toEqual([
      expect.objectContaining({ provider: 'hf-inference', providerId: name, status: 'live', task: 'text-classification' }),
    ]);
    await expect(modelInfo({ hubUrl, name: 'squall/nothing' })).rejects.toMatchObject({ statusCode: 404 });
    await expect(modelInfo({ hubUrl, name, revision: 'elsewhere' })).rejects.toMatchObject({ statusCode: 404 });
    const accessToken = forgeToken(huggingface.token());
    await expect(modelInfo({ hubUrl, name, accessToken })).rejects.toBeInstanceOf(HubApiError);
  });

  test.each([
    ['squall/nothing', 404, 'x-error-code', 'RepoNotFound'],
    ['squall/sentiment/revision/elsewhere', 404, 'x-error-code', 'RevisionNotFound'],
    ['squall/sentiment', 401, 'x-error-message', 'Invalid credentials in Authorization header'],
  ])(
    'says in a header what is wrong with a request for %s, as Python’s huggingface_hub reads it',
    async (path, status, name, value) => {
      await using huggingface = await mountHuggingFace();
      const token = status === 401 ? forgeToken(huggingface.token()) : huggingface.token();
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${huggingface.originOf('hub')}/api/models/${path}`, { headers });
      expect(answer.status).toBe(status);
      expect(answer.headers.get(name)).toBe(value);
    },
  );

  test("is told of the Hub's quota above its rate, in a header that clients wait by", async () => {
    await using huggingface = await mountHuggingFace();
    await huggingface.account.control({ type: 'set-quota', service: 'hub', region: 'global', requestsPerS: 1 });
    const accessToken = huggingface.token();
    const hubUrl = huggingface.originOf('hub');
    await whoAmI({ hubUrl, accessToken });
    await expect(whoAmI({ hubUrl, accessToken })).rejects.toMatchObject({
      statusCode: 429,
      message: expect.stringContaining('We had to rate limit you, you hit the quota of 1000 api requests per 5 minutes period.'),
    });
    const { headers } = await fetch(`${hubUrl}/api/whoami-v2`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(headers.get('ratelimit')).toBe('"api";r=0;t=1');
    expect(headers.get('ratelimit-policy')).toBe('"fixed window";"api";q=1000;w=300');
  });
});
