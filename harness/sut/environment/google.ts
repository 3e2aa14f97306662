import { toKeyFile } from '../../../mocks/google/credential.ts';
import type { ProviderFacts } from '../environment.ts';

/**
 * A service account's key file, whose `token_uri` is the run's: application default credentials get their tokens there. Client libraries take an endpoint
 * as an option only (`SQUALL_ENDPOINT_GOOGLE_<REGION>`); gcloud has a variable for it.
 */
export const googleEnvironment = ({
  credential,
  links: [first],
  keep,
}: ProviderFacts<'google'>): Readonly<Record<string, string>> => {
  const keyFile = JSON.stringify(toKeyFile(credential, `${first.tokenEndpoint}/token`));
  return {
    ...(keep ? { GOOGLE_APPLICATION_CREDENTIALS: keep('google-credentials.json', keyFile) } : {}),
    // The file's content, as Terraform and others read it.
    GOOGLE_CREDENTIALS: keyFile,
    GOOGLE_CLOUD_PROJECT: credential.projectId,
    GOOGLE_CLOUD_REGION: first.region,
    CLOUDSDK_CORE_PROJECT: credential.projectId,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM: `${first.endpoint}/`,
  };
};
