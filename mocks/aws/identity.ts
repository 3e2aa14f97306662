import { frontEndError } from './errors.ts';

/** The account that the emulated resources are in: AWS documentation's example account. */
export const ACCOUNT_ID = '111122223333';

/** The role whose session the workload holds, and the session's name. */
export const WORKLOAD_ROLE = 'squall-workload';
export const WORKLOAD_SESSION = 'serving';

const WORKLOAD_ARN = `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${WORKLOAD_ROLE}/${WORKLOAD_SESSION}`;

export const endpointArn = (region: string, endpointName: string): string =>
  `arn:aws:sagemaker:${region}:${ACCOUNT_ID}:endpoint/${endpointName}`;

/** What the workload's role may do, as IAM actions: the least that the serving stack needs. Everything else is denied. */
const ALLOWED_ACTIONS: ReadonlySet<string> = new Set([
  'sagemaker:InvokeEndpoint',
  'sagemaker:InvokeEndpointWithResponseStream',
  'pricing:GetProducts',
  'kms:GenerateDataKey',
  'kms:Decrypt',
  'kms:ReEncrypt',
]);

/**
 * @param action IAM action, e.g. `sagemaker:InvokeEndpoint`
 * @param resource ARN that it is done to
 * @param isPermitted false where the role has lost the permission
 * @throws {AwsError} `AccessDeniedException`
 */
export const checkAccess = (action: string, resource: string, isPermitted = true): void => {
  if (!isPermitted || !ALLOWED_ACTIONS.has(action)) throw accessDenied(WORKLOAD_ARN, action, resource);
};

/** @param user ARN of who asks */
export const accessDenied = (user: string, action: string, resource: string) =>
  frontEndError(
    'AccessDeniedException',
    `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ` +
      `because no identity-based policy allows the ${action} action`,
  );
