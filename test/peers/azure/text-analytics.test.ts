import { AzureKeyCredential, TextAnalyticsClient } from '@azure/ai-text-analytics';
import { describe, expect, test } from 'vitest';
import { clientOptions, EAST, mountAzureCloud, refusalOf, signIn, WEST_EUROPE } from '../../support/azure-cloud.ts';

type Azure = Awaited<ReturnType<typeof mountAzureCloud>>;

const byKey = (azure: Azure, region: string, key = azure.credential.subscriptionKey ?? '') =>
  new TextAnalyticsClient(azure.originOf('language', region), new AzureKeyCredential(key), clientOptions(azure));

describe('@azure/ai-text-analytics, unmodified, as before Language had one operation for all', () => {
  test('finds sentiment, key phrases and language', async () => {
    await using azure = await mountAzureCloud();
    const client = byKey(azure, WEST_EUROPE);
    const [sentiment] = await client.analyzeSentiment(['This is wonderful. That was terrible.']);
    if (!sentiment || sentiment.error !== undefined) throw new Error('no sentiment');
    expect(sentiment.sentiment).toBe('mixed');
    expect(sentiment.sentences.map(({ offset }) => offset)).toEqual([0, 19]);
    const [phrases] = await client.extractKeyPhrases(['The machine learning workspace was slow.']);
    expect(phrases).toMatchObject({ keyPhrases: expect.arrayContaining(['machine learning workspace']) });
    const [language] = await client.detectLanguage(['Ce document est rédigé en français.']);
    expect(language).toMatchObject({ primaryLanguage: { name: 'French', iso6391Name: 'fr' } });
  });

  test('finds the same in version 3.0', async () => {
    await using azure = await mountAzureCloud();
    const texts = ['This is wonderful. That was terrible.'];
    const key = new AzureKeyCredential(azure.credential.subscriptionKey ?? '');
    const asked: string[] = [];
    const client = new TextAnalyticsClient(azure.originOf('language', EAST), key, {
      ...clientOptions(azure),
      additionalPolicies: [
        {
          position: 'perCall',
          policy: {
            name: 'note',
            sendRequest(request, next) {
              // The client knows 3.1 alone: the path is all that tells the versions apart.
              request.url = request.url.replace('/v3.1/', '/v3.0/');
              asked.push(new URL(request.url).pathname);
              return next(request);
            },
          },
        },
      ],
    });
    expect(await client.analyzeSentiment(texts)).toEqual(await byKey(azure, EAST).analyzeSentiment(texts));
    expect(await client.extractKeyPhrases(texts)).toHaveLength(1);
    const [language] = await client.detectLanguage(texts);
    expect(language).toMatchObject({ primaryLanguage: { iso6391Name: 'en' } });
    expect(asked).toEqual(['sentiment', 'keyPhrases', 'languages'].map((of) => `/text/analytics/v3.0/${of}`));
  });

  test('refuses a wrong key, too many documents and, of a token, a missing permission', async () => {
    await using azure = await mountAzureCloud();
    expect(await refusalOf(byKey(azure, EAST, 'f'.repeat(32)).analyzeSentiment(['good']))).toMatchObject({ status: 401 });
    const many = Array.from({ length: 11 }, () => 'good');
    expect(await refusalOf(byKey(azure, EAST).analyzeSentiment(many))).toMatchObject({
      code: 'InvalidRequest',
      status: 400,
    });
    await azure.account.control({ type: 'set-permission', service: 'language', operation: 'Sentiment', isAllowed: false });
    const signedIn = new TextAnalyticsClient(azure.originOf('language', EAST), signIn(azure), clientOptions(azure));
    expect(await refusalOf(signedIn.analyzeSentiment(['good']))).toMatchObject({ code: 'PermissionDenied', status: 401 });
    expect(await signedIn.extractKeyPhrases(['good'])).toHaveLength(1);
  });
});
