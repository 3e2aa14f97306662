import { createInferenceBackend, type InferenceBackend } from '../../inference/backend.ts';
import type { ModelRuntime } from '../../models/runtime.ts';
import { requireType } from '../ec2/instance-types.ts';
import { AwsError } from '../errors.ts';
import { ACCOUNT_ID, endpointArn, WORKLOAD_ROLE } from '../identity.ts';
import type { AwsTimings } from '../timings.ts';
import { hostingLimit, hostingSpec, hostingUsdPerHour } from './hosting-types.ts';
import { createEndpointConfigInput, type EndpointConfigInput, type VariantInput } from './inputs.ts';
import type { Endpoint, EndpointConfig, Model, Variant } from './resources.ts';

/** What a variant is to have. */
export interface Rescaling {
  readonly variant: Variant;
  readonly weight: number;
  readonly instanceCount: number;
}

/** SageMaker in one region: models, endpoint configurations and endpoints, with what stands behind the endpoints. */
export interface SageMakerRegion {
  readonly models: Map<string, Model>;
  readonly configs: Map<string, EndpointConfig>;
  readonly endpoints: Map<string, Endpoint>;
  addModel(model: Omit<Model, 'arn' | 'createdAt'>): Model;
  addConfig(input: EndpointConfigInput): EndpointConfig;
  /** Creating, and in service when that is done. @throws {AwsError} `ResourceLimitExceeded` */
  createEndpoint(name: string, config: EndpointConfig): Endpoint;
  /** Updating, with the old variants in service until it is done. @param keepsProperties weights and instance counts of variants that stay */
  updateEndpoint(endpoint: Endpoint, config: EndpointConfig, keepsProperties: boolean): void;
  /** Updating, then with the weights and counts that the variants are to have. */
  rescale(endpoint: Endpoint, changes: readonly Rescaling[]): void;
  /** Deleting, and gone when that is done. */
  deleteEndpoint(endpoint: Endpoint): void;
}

/** Name of the model, the configuration and the endpoint that each region has from the start, as the reference stack's has. */
export const STANDING_NAME = 'digits';
const STANDING_INSTANCE = 'ml.g5.xlarge';
export const STANDING_VARIANT = 'AllTraffic';

/** How an instance serves: a digit takes it a millisecond or two. */
const SERVICE_TIME_MS = 2;
const SERVICE_TIME_SIGMA = 0.25;
const CONCURRENCY_PER_VCPU = 2;
const QUEUE_LIMIT = 256;

/** Which of the shipped models a container holds: the small one where its data or image says so. */
const runtimeModelOf = ({ containers: [container] }: Model): string =>
  [container?.ModelDataUrl, container?.Image].some((text) => text?.includes('digits-small')) ? 'digits-small' : 'digits';

const arnOf = (region: string, kind: string, name: string): string =>
  `arn:aws:sagemaker:${region}:${ACCOUNT_ID}:${kind}/${name.toLowerCase()}`;

/** @param priceMultiplier in force for hosting in the region */
export const createSageMakerRegion = (
  region: string,
  timings: AwsTimings,
  models: ModelRuntime,
  priceMultiplier: () => number,
): SageMakerRegion => {
  const known = {
    models: new Map<string, Model>(),
    configs: new Map<string, EndpointConfig>(),
    endpoints: new Map<string, Endpoint>(),
  };

  const instancesOf = (type: string, except: Endpoint | null): number =>
    [...known.endpoints.values()]
      .filter((endpoint) => endpoint !== except)
      .flatMap(({ variants }) => variants)
      .filter(({ input }) => input.InstanceType === type)
      .reduce((sum, { desiredInstanceCount }) => sum + desiredInstanceCount, 0);

  const checkLimit = (config: EndpointConfig, except: Endpoint | null) => {
    for (const type of new Set(config.input.ProductionVariants.map(({ InstanceType }) => InstanceType))) {
      const spec = hostingSpec(type);
      if (!spec) continue;
      const wanted = config.input.ProductionVariants.filter(({ InstanceType }) => InstanceType === type).reduce(
        (sum, { InitialInstanceCount }) => sum + InitialInstanceCount,
        0,
      );
      const used = instancesOf(type, except);
      if (used + wanted <= hostingLimit(spec)) continue;
      throw new AwsError('ResourceLimitExceeded', 400, {
        Message:
          `The account-level service limit '${type} for endpoint usage' is ${hostingLimit(spec)} Instances, with current utilization of ` +
          `${used} Instances and a request delta of ${wanted} Instances. Please use AWS Service Quotas to request an increase for this quota. ` +
          'If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.',
      });
    }
  };

  /** @throws {AwsError} when the variant's model was deleted since it was configured */
  const modelOf = ({ ModelName }: VariantInput): Model => {
    const model = known.models.get(ModelName);
    if (model) return model;
    throw new AwsError('ValidationException', 400, { message: `Could not find model "${arnOf(region, 'model', ModelName)}".` });
  };

  const backendOf = (input: VariantInput, instanceCount: number): InferenceBackend => {
    const spec = requireType(input.InstanceType.replace(/^ml\./, ''));
    return createInferenceBackend(
      'sagemaker-runtime',
      {
        region,
        instanceType: input.InstanceType,
        get instanceUsdPerHour() {
          return hostingUsdPerHour(spec, region) * priceMultiplier();
        },
        capacity: {
          serviceTimeMs: SERVICE_TIME_MS,
          serviceTimeSigma: SERVICE_TIME_SIGMA,
          concurrency: instanceCount * spec.vcpus * CONCURRENCY_PER_VCPU,
          queueLimit: QUEUE_LIMIT,
        },
      },
      runtimeModelOf(modelOf(input)),
      models,
    );
  };

  const deploy = (input: VariantInput): Variant => ({
    name: input.VariantName,
    input,
    image: modelOf(input).containers[0]?.Image ?? '',
    backend: backendOf(input, input.InitialInstanceCount),
    weight: input.InitialVariantWeight,
    desiredWeight: input.InitialVariantWeight,
    instanceCount: input.InitialInstanceCount,
    desiredInstanceCount: input.InitialInstanceCount,
  });

  const settle = (endpoint: Endpoint, ms: number, act: () => void) =>
    setTimeout(() => {
      act();
      endpoint.modifiedAt = new Date();
    }, ms);

  const build = (name: string, config: EndpointConfig, status: Endpoint['status']): Endpoint => {
    const createdAt = new Date();
    const endpoint: Endpoint = {
      name,
      arn: endpointArn(region, name.toLowerCase()),
      createdAt,
      modifiedAt: createdAt,
      configName: config.name,
      status,
      variants: config.input.ProductionVariants.map(deploy),
      asyncConfig: config.input.AsyncInferenceConfig,
    };
    known.endpoints.set(name, endpoint);
    return endpoint;
  };

  const emulated: SageMakerRegion = {
    ...known,
    addModel(input) {
      const model: Model = { ...input, arn: arnOf(region, 'model', input.name), createdAt: new Date() };
      known.models.set(model.name, model);
      return model;
    },
    addConfig(input) {
      const name = input.EndpointConfigName;
      const config: EndpointConfig = { name, arn: arnOf(region, 'endpoint-config', name), createdAt: new Date(), input };
      known.configs.set(name, config);
      return config;
    },
    createEndpoint(name, config) {
      checkLimit(config, null);
      const endpoint = build(name, config, 'Creating');
      settle(endpoint, timings.endpointProvisioningMs, () => {
        endpoint.status = 'InService';
      });
      return endpoint;
    },
    updateEndpoint(endpoint, config, keepsProperties) {
      checkLimit(config, endpoint);
      const before = new Map(endpoint.variants.map((variant) => [variant.name, variant]));
      const next = config.input.ProductionVariants.map(deploy).map((variant) => {
        const { weight, instanceCount } = (keepsProperties ? before.get(variant.name) : undefined) ?? variant;
        const backend = instanceCount === variant.instanceCount ? variant.backend : backendOf(variant.input, instanceCount);
        return { ...variant, backend, weight, desiredWeight: weight, instanceCount, desiredInstanceCount: instanceCount };
      });
      endpoint.status = 'Updating';
      endpoint.modifiedAt = new Date();
      settle(endpoint, timings.endpointProvisioningMs, () => {
        endpoint.variants = next;
        endpoint.configName = config.name;
        endpoint.asyncConfig = config.input.AsyncInferenceConfig;
        endpoint.status = 'InService';
      });
    },
    rescale(endpoint, changes) {
      for (const { variant, weight, instanceCount } of changes) {
        variant.desiredWeight = weight;
        variant.desiredInstanceCount = instanceCount;
      }
      endpoint.status = 'Updating';
      endpoint.modifiedAt = new Date();
      settle(endpoint, timings.endpointProvisioningMs, () => {
        for (const { variant, weight, instanceCount } of changes) {
          if (instanceCount !== variant.instanceCount) variant.backend = backendOf(variant.input, instanceCount);
          variant.weight = weight;
          variant.instanceCount = instanceCount;
        }
        endpoint.status = 'InService';
      });
    },
    deleteEndpoint(endpoint) {
      endpoint.status = 'Deleting';
      endpoint.modifiedAt = new Date();
      setTimeout(() => known.endpoints.delete(endpoint.name), timings.endpointDeletingMs);
    },
  };

  emulated.addModel({
    name: STANDING_NAME,
    containers: [{ Image: `${ACCOUNT_ID}.dkr.ecr.${region}.amazonaws.com/squall-digits:1`, Mode: 'SingleModel' }],
    isPipeline: false,
    executionRoleArn: `arn:aws:iam::${ACCOUNT_ID}:role/${WORKLOAD_ROLE}`,
    isIsolated: false,
  });
  const config = emulated.addConfig(
    createEndpointConfigInput.parse({
      EndpointConfigName: STANDING_NAME,
      ProductionVariants: [{ VariantName: STANDING_VARIANT, ModelName: STANDING_NAME, InstanceType: STANDING_INSTANCE }],
    }),
  );
  build(STANDING_NAME, config, 'InService');
  return emulated;
};
