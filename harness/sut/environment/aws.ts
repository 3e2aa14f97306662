import type { ProviderFacts } from '../environment.ts';

/**
 * The first region's endpoint is that of the SDKs, which know one a service: `AWS_ENDPOINT_URL_<SERVICE>` ("Service-specific endpoints", AWS SDKs and Tools
 * Reference Guide, read November 2026). Other regions are in `SQUALL_ENDPOINT_AWS_<REGION>`.
 */
export const awsEnvironment = ({ credential, links: [first] }: ProviderFacts<'aws'>): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: credential.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credential.secretAccessKey,
  ...(credential.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credential.sessionToken }),
  AWS_REGION: first.region,
  AWS_DEFAULT_REGION: first.region,
  AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: first.endpoint,
  // No SDK looks for an instance's credentials on a link-local address.
  AWS_EC2_METADATA_DISABLED: 'true',
});
