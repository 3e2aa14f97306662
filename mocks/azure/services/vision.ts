import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { analyzeImage } from '../cognitive/analyze-image.ts';
import { cognitiveFailure } from '../cognitive/errors.ts';
import { createCognitiveFront } from '../cognitive/front.ts';

const SERVICE = 'vision';
const OPERATION = 'AnalyzeImage';
const PATH = '/computervision/imageanalysis:analyze';

const spec: ServiceSpec = {
  cloud: 'azure',
  service: SERVICE,
  title: 'Azure AI Vision',
  layer: 'SaaS',
  isRegional: true,
  needsTls: true,
  hosts: (region) => [`squall-vision-${region}.cognitiveservices.azure.com`],
  auth: ['azure-key', 'entra'],
  sdk: { package: '@azure-rest/ai-vision-image-analysis', override: 'endpoint' },
  operations: [{ name: OPERATION, request: `POST ${PATH}?features=tags` }],
  quota: { requestsPerS: 10, source: '10 transactions a second in tier S1, as we know its price list; looked up nowhere' },
  errors: {
    'forged-credential': { status: 401, code: '401' },
    'expired-credential': { status: 401, code: '401' },
    'revoked-credential': { status: 401, code: '401' },
    'missing-permission': { status: 401, code: 'PermissionDenied' },
    'malformed-request': { status: 400, code: 'InvalidRequest' },
    'unknown-resource': { status: 404, code: '404' },
    throttled: { status: 429, code: '429' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    '@azure-rest/ai-vision-image-analysis 1.0.0-beta.3 and its README (limits); the error list of "Call the Image Analysis API"; read November 2026. Codes of 401, 429 and 503 as clients know them',
};

/** Tags of images, by the digits model. */
export const vision: CloudService<AzureAccount> = {
  spec,
  create: (account, region) =>
    createCognitiveFront(account, SERVICE, region, [
      {
        name: OPERATION,
        title: 'Image Analysis Analyze Operation under Azure AI Vision',
        path: PATH,
        dataAction: 'Microsoft.CognitiveServices/accounts/ComputerVision/imageanalysis:analyze/action',
        apiVersions: ['2023-10-01', '2024-02-01'],
        handle: (request, url) => analyzeImage(request, url, account.dependencies.models),
      },
    ]),
  failure: cognitiveFailure,
};
