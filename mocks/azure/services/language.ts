import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { analyzeText, analyzeTextEarlier } from '../cognitive/analyze-text.ts';
import { cognitiveFailure } from '../cognitive/errors.ts';
import { createCognitiveFront } from '../cognitive/front.ts';

const SERVICE = 'language';
const OPERATION = 'AnalyzeText';
const PATH = '/language/:analyze-text';

/** Operations of Text Analytics, which Language goes on serving in both versions. */
const EARLIER = [
  { name: 'Sentiment', of: 'sentiment', kind: 'SentimentAnalysis' },
  { name: 'KeyPhrases', of: 'keyPhrases', kind: 'KeyPhraseExtraction' },
  { name: 'Languages', of: 'languages', kind: 'LanguageDetection' },
] as const;
const EARLIER_VERSIONS = ['v3.1', 'v3.0'];

const spec: ServiceSpec = {
  cloud: 'azure',
  service: SERVICE,
  title: 'Azure AI Language',
  layer: 'SaaS',
  isRegional: true,
  needsTls: true,
  hosts: (region) => [`squall-language-${region}.cognitiveservices.azure.com`],
  auth: ['azure-key', 'entra'],
  sdk: { package: '@azure/ai-language-text', override: 'endpoint' },
  operations: [
    { name: OPERATION, request: `POST ${PATH} (kind: SentimentAnalysis, KeyPhraseExtraction, LanguageDetection)` },
    ...EARLIER.map(({ name, of }) => ({ name, request: `POST /text/analytics/{${EARLIER_VERSIONS.join(' or ')}}/${of}` })),
  ],
  quota: {
    requestsPerS: 1000 / 60,
    burst: 1000,
    source:
      '"Service limits for Azure Language": 1,000 a minute in tier S, which may come in one second; of each feature, here of all together; read November 2026',
  },
  errors: {
    'forged-credential': { status: 401, code: '401' },
    'expired-credential': { status: 401, code: '401' },
    'revoked-credential': { status: 401, code: '401' },
    'missing-permission': { status: 401, code: 'PermissionDenied' },
    'malformed-request': { status: 400, code: 'InvalidDocumentBatch' },
    'unknown-resource': { status: 404, code: '404' },
    throttled: { status: 429, code: '429' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    '@azure/ai-language-text 1.1.0 and @azure/ai-text-analytics 5.1.0, whose models have the error codes; "Service limits for Azure Language"; read November 2026. Codes of 401, 429 and 503 as clients know them',
};

/** Sentiment and key phrases of English texts, and the language of any, by models of squall's own. */
export const language: CloudService<AzureAccount> = {
  spec,
  create: (account, region) =>
    createCognitiveFront(account, SERVICE, region, [
      {
        name: OPERATION,
        title: 'Language Analyze Text Operation under Azure AI Language',
        path: PATH,
        dataAction: 'Microsoft.CognitiveServices/accounts/Language/analyze-text/action',
        apiVersions: ['2022-05-01', '2023-04-01', '2023-11-15-preview', '2024-11-01', '2024-11-15-preview'],
        handle: analyzeText,
      },
      ...EARLIER.flatMap(({ name, of, kind }) =>
        EARLIER_VERSIONS.map((version) => ({
          name,
          title: `${name} Operation under Text Analytics`,
          path: `/text/analytics/${version}/${of}`,
          dataAction: `Microsoft.CognitiveServices/accounts/TextAnalytics/${of}/action`,
          apiVersions: null,
          handle: (request: Request, url: URL) => analyzeTextEarlier(request, url, kind),
        })),
      ),
    ]),
  failure: cognitiveFailure,
};
