import { z } from 'zod';
import { AwsError } from '../errors.ts';
import { ACCOUNT_ID } from '../identity.ts';
import type { Call, Operation } from '../serve.ts';
import { validate } from '../wire/validation.ts';
import { HOSTING_TYPES } from './hosting-types.ts';
import {
  createEndpointConfigInput,
  createEndpointInput,
  createModelInput,
  listInput,
  modelName,
  resourceName,
  updateEndpointInput,
  updateWeightsInput,
} from './inputs.ts';
import { listPage } from './list.ts';
import { presentConfig, presentEndpoint, presentModel } from './present.ts';
import type { SageMakerRegion } from './region.ts';

const refuse = (message: string) => new AwsError('ValidationException', 400, { message });

const check = <Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> =>
  validate(schema, input, 'ValidationException');

const arn = (region: string, kind: string, name: unknown): string =>
  `arn:aws:sagemaker:${region}:${ACCOUNT_ID}:${kind}/${typeof name === 'string' ? name.toLowerCase() : '*'}`;

/** @throws {AwsError} as SageMaker words it when there is none of the name */
const find = <Resource>(resources: ReadonlyMap<string, Resource>, kind: string, region: string, name: string): Resource => {
  const resource = resources.get(name);
  const words = kind === 'endpoint-config' ? 'endpoint configuration' : kind;
  if (!resource) throw refuse(`Could not find ${words} "${arn(region, kind, name)}".`);
  return resource;
};

const checkFree = (resources: ReadonlyMap<string, unknown>, kind: string, region: string, name: string): void => {
  const words = kind === 'endpoint-config' ? 'endpoint configuration' : kind;
  if (resources.has(name)) throw refuse(`Cannot create already existing ${words} "${arn(region, kind, name)}".`);
};

/** @throws {AwsError} while a change is under way */
const findSettled = (sageMaker: SageMakerRegion, region: string, name: string) => {
  const endpoint = find(sageMaker.endpoints, 'endpoint', region, name);
  if (endpoint.status !== 'InService' && endpoint.status !== 'Failed') {
    throw refuse(`Cannot update in-progress endpoint "${endpoint.arn}".`);
  }
  return endpoint;
};

/** An operation on one region's resources. @param kind of ARN, and the member that has its name */
const on = (
  kind: 'model' | 'endpoint-config' | 'endpoint',
  run: (sageMaker: SageMakerRegion, input: Readonly<Record<string, unknown>>, region: string, call: Call) => unknown,
): Operation => {
  const member = { model: 'ModelName', 'endpoint-config': 'EndpointConfigName', endpoint: 'EndpointName' }[kind];
  return {
    resourceOf: (input, { region }) => arn(region, kind, input[member]),
    run: (input, call) => run(call.account.sageMaker(call.region), input, call.region, call),
  };
};

const named = (member: string, schema = resourceName) => z.looseObject({ [member]: schema });

export const SAGEMAKER_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateModel: on('model', (sageMaker, raw, region) => {
    const input = check(createModelInput, raw);
    const { ModelName, PrimaryContainer, Containers = [], ExecutionRoleArn, EnableNetworkIsolation = false } = input;
    if (PrimaryContainer && Containers.length > 0) {
      throw refuse('Both PrimaryContainer and Containers were provided. Please provide only one of them.');
    }
    const containers = PrimaryContainer ? [PrimaryContainer] : Containers;
    if (containers.some((each) => each.Image === undefined && each.ModelPackageName === undefined)) {
      throw refuse('Either Image or ModelPackageName must be provided for each container.');
    }
    checkFree(sageMaker.models, 'model', region, ModelName);
    const isPipeline = PrimaryContainer === undefined;
    const model = sageMaker.addModel({
      name: ModelName,
      containers,
      isPipeline,
      executionRoleArn: ExecutionRoleArn,
      isIsolated: EnableNetworkIsolation,
    });
    return { ModelArn: model.arn };
  }),
  DescribeModel: on('model', (sageMaker, raw, region) =>
    presentModel(find(sageMaker.models, 'model', region, check(named('ModelName', modelName), raw).ModelName ?? '')),
  ),
  ListModels: on('model', (sageMaker, raw) => {
    const { items, NextToken } = listPage([...sageMaker.models.values()], check(listInput, raw), 'models');
    return {
      Models: items.map(({ name, arn: ModelArn, createdAt }) => ({ ModelName: name, ModelArn, CreationTime: createdAt })),
      NextToken,
    };
  }),
  DeleteModel: on('model', (sageMaker, raw, region) => {
    const { ModelName = '' } = check(named('ModelName', modelName), raw);
    find(sageMaker.models, 'model', region, ModelName);
    sageMaker.models.delete(ModelName);
  }),

  CreateEndpointConfig: on('endpoint-config', (sageMaker, raw, region) => {
    const input = check(createEndpointConfigInput, raw);
    const names = input.ProductionVariants.map(({ VariantName }) => VariantName);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw refuse(`Production variant names must be unique: "${twice}" is there twice.`);
    for (const { InstanceType, ModelName } of input.ProductionVariants) {
      if (!HOSTING_TYPES.includes(InstanceType)) {
        throw refuse(
          `1 validation error detected: Value '${InstanceType}' at 'productionVariants.1.member.instanceType' failed to satisfy constraint: ` +
            `Member must satisfy enum value set: [${HOSTING_TYPES.join(', ')}]`,
        );
      }
      find(sageMaker.models, 'model', region, ModelName);
    }
    checkFree(sageMaker.configs, 'endpoint-config', region, input.EndpointConfigName);
    return { EndpointConfigArn: sageMaker.addConfig(input).arn };
  }),
  DescribeEndpointConfig: on('endpoint-config', (sageMaker, raw, region) => {
    const { EndpointConfigName = '' } = check(named('EndpointConfigName'), raw);
    return presentConfig(find(sageMaker.configs, 'endpoint-config', region, EndpointConfigName));
  }),
  ListEndpointConfigs: on('endpoint-config', (sageMaker, raw) => {
    const { items, NextToken } = listPage([...sageMaker.configs.values()], check(listInput, raw), 'endpoint-configs');
    const EndpointConfigs = items.map(({ name, arn: EndpointConfigArn, createdAt }) => ({
      EndpointConfigName: name,
      EndpointConfigArn,
      CreationTime: createdAt,
    }));
    return { EndpointConfigs, NextToken };
  }),
  DeleteEndpointConfig: on('endpoint-config', (sageMaker, raw, region) => {
    const { EndpointConfigName = '' } = check(named('EndpointConfigName'), raw);
    find(sageMaker.configs, 'endpoint-config', region, EndpointConfigName);
    sageMaker.configs.delete(EndpointConfigName);
  }),

  CreateEndpoint: on('endpoint', (sageMaker, raw, region) => {
    const { EndpointName, EndpointConfigName } = check(createEndpointInput, raw);
    const config = find(sageMaker.configs, 'endpoint-config', region, EndpointConfigName);
    checkFree(sageMaker.endpoints, 'endpoint', region, EndpointName);
    return { EndpointArn: sageMaker.createEndpoint(EndpointName, config).arn };
  }),
  DescribeEndpoint: on('endpoint', (sageMaker, raw, region) => {
    const { EndpointName = '' } = check(named('EndpointName'), raw);
    return presentEndpoint(find(sageMaker.endpoints, 'endpoint', region, EndpointName));
  }),
  ListEndpoints: on('endpoint', (sageMaker, raw) => {
    const { items, NextToken } = listPage([...sageMaker.endpoints.values()], check(listInput, raw), 'endpoints');
    const Endpoints = items.map((endpoint) => ({
      EndpointName: endpoint.name,
      EndpointArn: endpoint.arn,
      CreationTime: endpoint.createdAt,
      LastModifiedTime: endpoint.modifiedAt,
      EndpointStatus: endpoint.status,
    }));
    return { Endpoints, NextToken };
  }),
  UpdateEndpoint: on('endpoint', (sageMaker, raw, region) => {
    const input = check(updateEndpointInput, raw);
    const endpoint = findSettled(sageMaker, region, input.EndpointName);
    const config = find(sageMaker.configs, 'endpoint-config', region, input.EndpointConfigName);
    sageMaker.updateEndpoint(endpoint, config, input.RetainAllVariantProperties);
    return { EndpointArn: endpoint.arn };
  }),
  UpdateEndpointWeightsAndCapacities: on('endpoint', (sageMaker, raw, region) => {
    const { EndpointName, DesiredWeightsAndCapacities } = check(updateWeightsInput, raw);
    const endpoint = findSettled(sageMaker, region, EndpointName);
    const changes = DesiredWeightsAndCapacities.map(({ VariantName, DesiredWeight, DesiredInstanceCount }) => {
      const variant = endpoint.variants.find(({ name }) => name === VariantName);
      if (!variant) throw refuse(`The variant name(s) "${VariantName}" is/are not present within endpoint "${endpoint.arn}".`);
      if (DesiredInstanceCount === 0) throw refuse(`Desired instance count of variant "${VariantName}" must be at least 1.`);
      return {
        variant,
        weight: DesiredWeight ?? variant.weight,
        instanceCount: DesiredInstanceCount ?? variant.instanceCount,
      };
    });
    sageMaker.rescale(endpoint, changes);
    return { EndpointArn: endpoint.arn };
  }),
  DeleteEndpoint: on('endpoint', (sageMaker, raw, region) => {
    const { EndpointName = '' } = check(named('EndpointName'), raw);
    const endpoint = find(sageMaker.endpoints, 'endpoint', region, EndpointName);
    if (endpoint.status === 'Deleting') return;
    sageMaker.deleteEndpoint(findSettled(sageMaker, region, EndpointName));
  }),
};
