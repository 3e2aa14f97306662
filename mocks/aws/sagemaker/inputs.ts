import { z } from 'zod';

/** Shapes of the control plane's inputs. Source: botocore's service model sagemaker 2017-07-24, read November 2026. */

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const MODEL_NAME = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

export const resourceName = z.string().max(63).regex(NAME);
export const modelName = z.string().max(63).regex(MODEL_NAME);

const roleArn = z
  .string()
  .min(20)
  .max(2048)
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/);

const tags = z.array(z.looseObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) })).max(50);

const container = z.looseObject({
  ContainerHostname: z.string().max(63).optional(),
  Image: z.string().max(255).regex(/^\S+$/).optional(),
  ModelDataUrl: z
    .string()
    .max(1024)
    .regex(/^(https|s3):\/\/([^/]+)\/?(.*)$/)
    .optional(),
  ModelPackageName: z.string().max(176).optional(),
  Mode: z.enum(['SingleModel', 'MultiModel']).optional(),
  Environment: z.record(z.string().max(1024), z.string().max(1024)).optional(),
});

export type ContainerInput = z.output<typeof container>;

export const createModelInput = z.looseObject({
  ModelName: modelName,
  PrimaryContainer: container.optional(),
  Containers: z.array(container).max(15).optional(),
  ExecutionRoleArn: roleArn.optional(),
  EnableNetworkIsolation: z.boolean().optional(),
  Tags: tags.optional(),
});

const variant = z.looseObject({
  VariantName: resourceName,
  ModelName: modelName,
  InitialInstanceCount: z.int().min(1).default(1),
  InstanceType: z.string(),
  InitialVariantWeight: z.number().min(0).default(1),
});

export type VariantInput = z.output<typeof variant>;

const s3Uri = z
  .string()
  .max(512)
  .regex(/^(https|s3):\/\/([^/]+)\/?(.*)$/);

const asyncConfig = z.looseObject({
  OutputConfig: z.looseObject({ S3OutputPath: s3Uri.optional(), S3FailurePath: s3Uri.optional() }),
  ClientConfig: z.looseObject({ MaxConcurrentInvocationsPerInstance: z.int().min(1).max(1000).optional() }).optional(),
});

export type AsyncConfig = z.output<typeof asyncConfig>;

export const createEndpointConfigInput = z.looseObject({
  EndpointConfigName: resourceName,
  ProductionVariants: z.array(variant).min(1).max(10),
  AsyncInferenceConfig: asyncConfig.optional(),
  KmsKeyId: z.string().max(2048).optional(),
  Tags: tags.optional(),
});

export type EndpointConfigInput = z.output<typeof createEndpointConfigInput>;

export const createEndpointInput = z.looseObject({
  EndpointName: resourceName,
  EndpointConfigName: resourceName,
  Tags: tags.optional(),
});

export const updateEndpointInput = z.looseObject({
  EndpointName: resourceName,
  EndpointConfigName: resourceName,
  RetainAllVariantProperties: z.boolean().default(false),
});

export const updateWeightsInput = z.looseObject({
  EndpointName: resourceName,
  DesiredWeightsAndCapacities: z
    .array(
      z.looseObject({
        VariantName: resourceName,
        DesiredWeight: z.number().min(0).optional(),
        DesiredInstanceCount: z.int().min(0).optional(),
      }),
    )
    .min(1),
});

const epoch = z.number().transform((seconds) => seconds * 1000);

/** What all List calls take. */
export const listInput = z.looseObject({
  SortBy: z.enum(['Name', 'CreationTime', 'Status']).default('CreationTime'),
  SortOrder: z.enum(['Ascending', 'Descending']).default('Descending'),
  NextToken: z.string().max(8192).optional(),
  MaxResults: z.int().min(1).max(100).default(10),
  NameContains: z.string().max(63).optional(),
  CreationTimeBefore: epoch.optional(),
  CreationTimeAfter: epoch.optional(),
  LastModifiedTimeBefore: epoch.optional(),
  LastModifiedTimeAfter: epoch.optional(),
  StatusEquals: z
    .enum([
      'OutOfService',
      'Creating',
      'Updating',
      'SystemUpdating',
      'RollingBack',
      'InService',
      'Deleting',
      'Failed',
      'UpdateRollbackFailed',
    ])
    .optional(),
});

export type ListInput = z.output<typeof listInput>;
