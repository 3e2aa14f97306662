import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { AzureAccount } from '../account.ts';
import { analyzeImage } from '../cognitive/analyze-image.ts';
import { EARLIER_IMAGE_OPERATIONS } from '../cognitive/analyze-image-earlier.ts';
import { cognitiveFailure } from '../cognitive/errors.ts';
import { createCognitiveFront } from '../cognitive/front.ts';

const SERVICE = 'vision';
const OPERATION = 'AnalyzeImage';
const PATH = '/computervision/imageanalysis:analyze';

/** Operations of Computer Vision 3.2, which the resource goes on serving. */
const EARLIER = [
  { name: 'AnalyzeImageV3', of: 'analyze', query: '?visualFeatures=Tags,Description' },
  { name: 'TagImage', of: 'tag', query: '' },
  { name: 'DescribeImage', of: 'describe', query: '' },
] as const;
const EARLIER_PATH = '/vision/v3.2';

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
  operations: [
    { name: OPERATION, request: `POST ${PATH}?features=tags` },
    ...EARLIER.map(({ name, of, query }) => ({ name, request: `POST ${EARLIER_PATH}/${of}${query}` })),
  ],
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
    '@azure-rest/ai-vision-image-analysis 1.0.0-beta.3 and its README (limits); @azure/cognitiveservices-computervision 8.2.0 (3.2: paths, fields, error codes); the error list of "Call the Image Analysis API"; read November 2026. Codes of 401, 429 and 503 as clients know them',
};

/** Tags and captions of images, by the digits model. */
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
      ...EARLIER.map(({ name, of }) => ({
        name,
        title: `${name} Operation under Computer Vision`,
        path: `${EARLIER_PATH}/${of}`,
        dataAction: `Microsoft.CognitiveServices/accounts/ComputerVision/${of}/action`,
        apiVersions: null,
        handle: (request: Request, url: URL) => EARLIER_IMAGE_OPERATIONS[of](request, url, account.dependencies.models),
      })),
    ]),
  failure: cognitiveFailure,
};
