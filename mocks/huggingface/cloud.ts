import { type CloudDefinition, GLOBAL } from '../cloud/cloud.ts';
import { type HuggingFaceAccount, openAccount } from './account.ts';
import { hub } from './services/hub.ts';
import { inferenceEndpoints } from './services/inference-endpoints.ts';
import { inferenceProviders } from './services/inference-providers.ts';

const services = [hub, inferenceProviders, inferenceEndpoints];

/** Hugging Face: the Hub's identity, the router of Inference Providers, and dedicated Inference Endpoints in each region. */
export const huggingFace: CloudDefinition<HuggingFaceAccount> = {
  cloud: 'huggingface',
  title: 'Hugging Face',
  regions: ['us-east-1', 'eu-west-1'],
  services,
  open: async (regions, dependencies) =>
    openAccount(
      services.map(({ spec }) => spec),
      regions,
      dependencies,
    ),
  environment: ({ credential }, originOf) => ({
    HF_TOKEN: credential.accessToken ?? '',
    // Read by huggingface_hub (Python) and the tools that are built on it.
    HF_ENDPOINT: originOf(hub.spec.service, GLOBAL),
    HF_INFERENCE_ENDPOINT: originOf(inferenceProviders.spec.service, GLOBAL),
  }),
};
