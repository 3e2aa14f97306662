import { frontEndError } from './errors.ts';

/** The account that the emulated resources are in: AWS documentation's example account. */
export const ACCOUNT_ID = '111122223333';

/** Who the workload is: a session of a role. */
const WORKLOAD_ARN = `arn:aws:sts::${ACCOUNT_ID}:assumed-role/squall-workload/serving`;

export const endpointArn = (region: string, endpointName: string): string =>
  `arn:aws:sagemaker:${region}:${ACCOUNT_ID}:endpoint/${endpointName}`;

/** What the workload's role may do, as IAM actions: the least that the serving stack needs. Everything else is denied. */
const ALLOWED_ACTIONS: ReadonlySet<string> = new Set([
  'sagemaker:InvokeEndpoint',
  'sagemaker:InvokeEndpointWithResponseStream',
  'pricing:GetProducts',
]);

/**
 * @param action IAM action, e.g. `sagemaker:InvokeEndpoint`
 * @param resource ARN that it is done to
 * @throws {AwsError} `AccessDeniedException`
 */
export const checkAccess = (action: string, resource: string): void => {
  if (ALLOWED_ACTIONS.has(action)) return;
  throw frontEndError(
    'AccessDeniedException',
    `User: ${WORKLOAD_ARN} is not authorized to perform: ${action} on resource: ${resource} ` +
      `because no identity-based policy allows the ${action} action`,
  );
};
