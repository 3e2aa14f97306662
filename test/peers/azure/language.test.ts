import { describe, expect, test } from 'vitest';
import { EAST, languageClient, mountAzureCloud, refusalOf, signIn, WEST_EUROPE } from '../../support/azure-cloud.ts';

const PRAISE = 'The room was wonderful and the staff were very friendly.';
const BLAME = 'The food was terrible, cold and disgusting.';

describe('@azure/ai-language-text, unmodified', () => {
  test.each([EAST, WEST_EUROPE])(
    'finds the sentiment of documents and their sentences in %s, by key and by Entra',
    async (region) => {
      await using azure = await mountAzureCloud();
      const texts = [PRAISE, BLAME, `${PRAISE} ${BLAME}`];
      for (const credential of [azure.credential.subscriptionKey ?? '', signIn(azure)]) {
        const client = languageClient(azure, region, credential);
        const results = await client.analyze('SentimentAnalysis', texts);
        expect(results.map((result) => (result.error ? result.error.code : result.sentiment))).toEqual([
          'positive',
          'negative',
          'mixed',
        ]);
        const [, , mixed] = results;
        if (!mixed || mixed.error !== undefined) throw new Error('no result');
        expect(mixed.sentences.map(({ sentiment }) => sentiment)).toEqual(['positive', 'negative']);
        // ASCII counts the same in all units.
        for (const { text, offset, length, confidenceScores } of mixed.sentences) {
          expect(texts[2]?.slice(offset, offset + length)).toBe(text);
          const { positive, neutral, negative } = confidenceScores;
          expect(positive + neutral + negative).toBeCloseTo(1, 9);
        }
      }
    },
  );

  test('counts offsets in the units that it is asked for, by itself in text elements', async () => {
    await using azure = await mountAzureCloud();
    const before = '👩‍🚀 é is good. ';
    const client = languageClient(azure, EAST);
    const offsetIn = async (stringIndexType?: string) => {
      const options = stringIndexType === undefined ? {} : { stringIndexType };
      const [result] = await client.analyze('SentimentAnalysis', [before + BLAME], 'en', options);
      if (!result || result.error !== undefined) throw new Error('no result');
      return result.sentences[1]?.offset;
    };
    expect(await offsetIn()).toBe(13);
    expect(await offsetIn('TextElements_v8')).toBe(13);
    expect(await offsetIn('UnicodeCodePoint')).toBe([...before].length);
    expect(await offsetIn('Utf16CodeUnit')).toBe(before.length);
    expect(await refusalOf(offsetIn('Words'))).toMatchObject({ code: 'InvalidParameterValue' });
  });

  test('extracts key phrases', async () => {
    await using azure = await mountAzureCloud();
    const [result] = await languageClient(azure, EAST).analyze('KeyPhraseExtraction', [
      'The online endpoint of the machine learning workspace was slow, and its traffic split was wrong.',
    ]);
    if (!result || result.error !== undefined) throw new Error('no result');
    expect(result.keyPhrases).toContain('machine learning workspace');
    expect(result.keyPhrases).not.toContain('The');
  });

  test('detects the language of texts', async () => {
    await using azure = await mountAzureCloud();
    const texts = ['This is written in English.', 'Ce document est rédigé en français.', 'これは日本語の文です', '1 2 3'];
    const results = await languageClient(azure, WEST_EUROPE).analyze('LanguageDetection', texts);
    expect(results.map((result) => (result.error ? result.error.code : result.primaryLanguage.iso6391Name))).toEqual([
      'en',
      'fr',
      'ja',
      '(Unknown)',
    ]);
    const many = Array.from({ length: 200 }, () => 'Ce document est rédigé en français.');
    expect(await languageClient(azure, WEST_EUROPE).analyze('LanguageDetection', many)).toHaveLength(200);
  });

  test('says what is wrong with one document beside the results of the others', async () => {
    await using azure = await mountAzureCloud();
    const results = await languageClient(azure, EAST).analyze(
      'SentimentAnalysis',
      [
        { id: '1', text: PRAISE, language: 'en' },
        { id: '2', text: ' ', language: 'en' },
        { id: '3', text: 'a'.repeat(5121), language: 'en' },
        { id: '4', text: PRAISE, language: 'tlh' },
      ],
      { includeStatistics: true, onResponse: (response) => expect(response.status).toBe(200) },
    );
    expect(results.map((result) => [result.id, result.error?.code])).toEqual([
      ['1', undefined],
      ['2', 'InvalidDocument'],
      ['3', 'InvalidDocument'],
      ['4', 'UnsupportedLanguageCode'],
    ]);
  });

  test('refuses a request that is wrong as a whole, and the SDK throws a RestError', async () => {
    await using azure = await mountAzureCloud();
    const client = languageClient(azure, EAST);
    const twice = [PRAISE, BLAME].map((text) => ({ id: '1', text, language: 'en' }));
    const many = Array.from({ length: 11 }, () => PRAISE);
    const refusals = [
      [() => client.analyze('SentimentAnalysis', many), 'InvalidDocumentBatch'],
      [() => client.analyze('SentimentAnalysis', twice), 'InvalidDocument'],
      [() => client.analyze('SentimentAnalysis', [PRAISE], 'en', { modelVersion: '1999-01-01' }), 'ModelVersionIncorrect'],
      [() => client.analyze('EntityRecognition', [PRAISE]), 'InvalidParameterValue'],
    ] as const;
    for (const [call, code] of refusals) expect(await refusalOf(call())).toMatchObject({ code, status: 400 });
  });

  test('refuses a wrong key and, of a token, a missing permission that a key does not need', async () => {
    await using azure = await mountAzureCloud();
    const analyze = (credential: string | ReturnType<typeof signIn>) =>
      languageClient(azure, EAST, credential).analyze('SentimentAnalysis', [PRAISE]);
    const key = azure.credential.subscriptionKey ?? '';
    expect(await refusalOf(analyze('0'.repeat(32)))).toMatchObject({ code: '401', status: 401 });
    await azure.account.control({ type: 'set-permission', service: 'language', operation: 'AnalyzeText', isAllowed: false });
    expect(await refusalOf(analyze(signIn(azure)))).toMatchObject({ code: 'PermissionDenied', status: 401 });
    await analyze(key);
    await azure.account.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    expect(await refusalOf(analyze(key))).toMatchObject({ code: '401', status: 401 });
    await analyze(azure.credential.subscriptionKey ?? '');
  });
});
