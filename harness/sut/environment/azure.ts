import type { ProviderFacts } from '../environment.ts';

/** An application's secret for azure-identity's EnvironmentCredential, and the first region's endpoint with its key, for who needs no token. */
export const azureEnvironment = ({ credential, links: [first] }: ProviderFacts<'azure'>): Readonly<Record<string, string>> => ({
  AZURE_TENANT_ID: credential.tenantId,
  AZURE_CLIENT_ID: credential.clientId,
  AZURE_CLIENT_SECRET: credential.clientSecret,
  ...(first.tokenEndpoint === undefined ? {} : { AZURE_AUTHORITY_HOST: first.tokenEndpoint }),
  AZUREML_SCORING_URI: `${first.endpoint}/score`,
  AZUREML_ENDPOINT_KEY: credential.endpointKey,
});
