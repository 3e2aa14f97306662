import type { AwsService } from '../../scenario/containers-block.ts';
import type { PlannedContainer } from '../../topology/container-placements.ts';
import { variableSuffix } from '../../topology/variable-suffix.ts';

/**
 * How the variables of AWS's SDKs end that name a service's endpoint ("Service-specific endpoints", AWS SDKs and Tools Reference Guide, read November
 * 2026).
 */
const AWS_SUFFIXES: Readonly<Record<AwsService, string>> = {
  s3: 'S3',
  sqs: 'SQS',
  sts: 'STS',
  kms: 'KMS',
  secretsmanager: 'SECRETS_MANAGER',
};

/** For a topology without AWS: emulators take any. */
const ANY_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/**
 * What a system under test is told of the scenario's containers: of each an address, a URL, and what SDKs find it by. Variables of the providers
 * count more.
 * @param originOf the wire's origin of a link, as the system comes to it
 */
export const containerEnvironment = (
  containers: readonly PlannedContainer[],
  originOf: (linkId: string) => string,
): Readonly<Record<string, string>> =>
  Object.assign(
    {},
    ...containers.map(({ link, container: { name, awsServices } }) => {
      const origin = originOf(link.id);
      return {
        [`SQUALL_ADDRESS_${variableSuffix(name)}`]: new URL(origin).host,
        [`SQUALL_URL_${variableSuffix(name)}`]: origin,
        ...Object.fromEntries(awsServices.map((service) => [`AWS_ENDPOINT_URL_${AWS_SUFFIXES[service]}`, origin])),
        ...(awsServices.length > 0 ? ANY_CREDENTIALS : {}),
      };
    }),
  );
