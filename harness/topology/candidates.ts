import type { ProviderName } from '../../mocks/emulator.ts';

/**
 * What a new version of the model is called beside the one that serves: a production variant of the same endpoint at SageMaker, an endpoint
 * of its own at Vertex AI, a second deployment at Azure ML.
 */
export const CANDIDATES: Readonly<Record<ProviderName, { readonly endpointName?: string; readonly variant?: string }>> = {
  aws: { variant: 'candidate' },
  google: { endpointName: '4815162342109' },
  azure: { endpointName: 'green' },
};

const IS_CANDIDATE: Readonly<Record<ProviderName, (request: Request) => boolean>> = {
  aws: ({ headers }) => headers.get('x-amzn-sagemaker-target-variant') === CANDIDATES.aws.variant,
  google: ({ url }) => url.includes(`/endpoints/${CANDIDATES.google.endpointName}:`),
  azure: ({ headers }) => headers.get('azureml-model-deployment') === CANDIDATES.azure.endpointName,
};

/** Whether a request to a provider's inference endpoint is for the new version. */
export const isForCandidate = (provider: string, request: Request): boolean =>
  IS_CANDIDATE[provider as ProviderName]?.(request) ?? false;
