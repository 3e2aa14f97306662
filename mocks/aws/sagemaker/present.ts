import type { Endpoint, EndpointConfig, Model } from './resources.ts';

/** Resources as the API describes them. */

export const presentModel = (model: Model) => ({
  ModelName: model.name,
  ModelArn: model.arn,
  ...(model.isPipeline ? { Containers: model.containers } : { PrimaryContainer: model.containers[0] }),
  ExecutionRoleArn: model.executionRoleArn,
  CreationTime: model.createdAt,
  EnableNetworkIsolation: model.isIsolated,
});

export const presentConfig = ({ name, arn, createdAt, input }: EndpointConfig) => ({
  EndpointConfigName: name,
  EndpointConfigArn: arn,
  ProductionVariants: input.ProductionVariants,
  AsyncInferenceConfig: input.AsyncInferenceConfig,
  KmsKeyId: input.KmsKeyId,
  CreationTime: createdAt,
});

export const presentEndpoint = (endpoint: Endpoint) => ({
  EndpointName: endpoint.name,
  EndpointArn: endpoint.arn,
  EndpointConfigName: endpoint.configName,
  EndpointStatus: endpoint.status,
  CreationTime: endpoint.createdAt,
  LastModifiedTime: endpoint.modifiedAt,
  AsyncInferenceConfig: endpoint.asyncConfig,
  // Nothing is deployed before the endpoint is in service for the first time.
  ProductionVariants:
    endpoint.status === 'Creating'
      ? undefined
      : endpoint.variants.map((variant) => ({
          VariantName: variant.name,
          DeployedImages: [{ SpecifiedImage: variant.image, ResolvedImage: variant.image, ResolutionTime: endpoint.createdAt }],
          CurrentWeight: variant.weight,
          DesiredWeight: variant.desiredWeight,
          CurrentInstanceCount: variant.instanceCount,
          DesiredInstanceCount: variant.desiredInstanceCount,
        })),
});
