import { type CloudDefinition, GLOBAL } from '../cloud/cloud.ts';
import type { CloudService } from '../cloud/service.ts';
import { type AwsAccount, openAwsAccount } from './account.ts';
import { ec2 } from './services/ec2.ts';
import { ec2Metadata } from './services/ec2-metadata.ts';
import { iam } from './services/iam.ts';
import { kms } from './services/kms.ts';
import { pricing } from './services/pricing.ts';
import { rekognition } from './services/rekognition.ts';
import { s3 } from './services/s3.ts';
import { sageMaker } from './services/sagemaker.ts';
import { sageMakerRuntime } from './services/sagemaker-runtime.ts';
import { sts } from './services/sts.ts';
import type { AwsTimings } from './timings.ts';

const services: readonly CloudService<AwsAccount>[] = [
  ec2,
  ec2Metadata,
  sageMakerRuntime,
  sageMaker,
  rekognition,
  s3,
  kms,
  sts,
  iam,
  pricing,
];

/** SDKs and the command line find a service's endpoint by these: `AWS_ENDPOINT_URL_` and the service's id, as botocore and @smithy read them. */
const ENDPOINT_VARIABLES: Readonly<Record<string, string>> = {
  ec2: 'AWS_ENDPOINT_URL_EC2',
  'ec2-metadata': 'AWS_EC2_METADATA_SERVICE_ENDPOINT',
  'sagemaker-runtime': 'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME',
  sagemaker: 'AWS_ENDPOINT_URL_SAGEMAKER',
  rekognition: 'AWS_ENDPOINT_URL_REKOGNITION',
  s3: 'AWS_ENDPOINT_URL_S3',
  kms: 'AWS_ENDPOINT_URL_KMS',
  sts: 'AWS_ENDPOINT_URL_STS',
  iam: 'AWS_ENDPOINT_URL_IAM',
  pricing: 'AWS_ENDPOINT_URL_PRICING',
};

/** An account whose own affairs take other times than usual. */
export const openWith = (regions: readonly string[], dependencies: Parameters<typeof openAwsAccount>[1], timings?: AwsTimings) =>
  openAwsAccount(
    regions,
    dependencies,
    services.map(({ spec }) => spec),
    timings,
  );

/** Amazon Web Services. */
export const aws: CloudDefinition<AwsAccount> = {
  cloud: 'aws',
  title: 'Amazon Web Services',
  regions: ['us-east-1', 'us-west-2', 'eu-west-1'],
  services,
  open: (regions, dependencies) => openWith(regions, dependencies),
  environment({ credential, regions }, originOf) {
    const [region = 'us-east-1'] = regions;
    const endpoints = services.map(({ spec }) => [
      ENDPOINT_VARIABLES[spec.service] ?? '',
      originOf(spec.service, spec.isRegional ? region : GLOBAL),
    ]);
    return {
      AWS_ACCESS_KEY_ID: credential.accessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: credential.secretAccessKey ?? '',
      AWS_SESSION_TOKEN: credential.sessionToken ?? '',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      ...Object.fromEntries(endpoints),
    };
  },
};
