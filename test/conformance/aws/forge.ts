import type { AwsRefusal } from '../../support/aws-cloud.ts';
import { sdkCredentials } from '../../support/aws-cloud.ts';
import type { Credential, Target } from '../case.ts';

/** The account's own key and token, with a secret that somebody guessed. */
export const forgeSecret = (credential: Credential): Credential => ({
  ...credential,
  secretAccessKey: (credential.secretAccessKey ?? '').replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
});

export const codeOf = (error: unknown): string => (error as AwsRefusal).name;
export const statusOf = (error: unknown): number => (error as AwsRefusal).$metadata.httpStatusCode ?? 0;

/** Region that a client of a service without regions is set to. */
const HOME = 'us-east-1';

/** Options of an official client: pointed at the target, one attempt. */
export const clientOf = ({ origin, region, credential }: Target) => ({
  endpoint: origin,
  region: region === 'global' ? HOME : region,
  credentials: sdkCredentials(credential),
  maxAttempts: 1,
});
