import { type AzureAccount, workspaceOf } from '../account.ts';
import { ArmError, invalidParameter, resourceNotFound } from '../arm/errors.ts';
import { type AsyncOperation, monitorResponse, pollingHeaders, statusResponse } from '../arm/operations.ts';
import {
  checkMembers,
  type Properties,
  readLocation,
  readNumber,
  readObject,
  readTags,
  requireObject,
  requireString,
} from '../arm/read-properties.ts';
import type { ArmCall } from '../arm/resource-manager.ts';
import type { ArmHandlers } from '../arm/route.ts';
import { findSize, MACHINE_SIZES } from '../compute/sizes.ts';
import {
  type DeploymentInput,
  ENDPOINT,
  type ManagedDeployment,
  type ManagedEndpoint,
  type Traffic,
} from './online-endpoints.ts';
import type { MlOperation } from './routes.ts';

const TYPE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
const DEPLOYMENT_NAME = /^[A-Za-z][-A-Za-z0-9]{1,30}[A-Za-z0-9]$/;
const RESOURCE_MEMBERS = ['id', 'name', 'type', 'systemData', 'location', 'tags', 'kind', 'sku', 'identity', 'properties'];

/** Models of the registry are named `azureml:digits:1`, or by the id of a workspace's model; the last name in either is the model's. */
const readModel = (properties: Properties): string => {
  const model = requireString(properties, 'model');
  return /(?:\/models\/|azureml:)([\w-]+)/.exec(model)?.[1] ?? model;
};

const readDeployment = (body: Properties): DeploymentInput => {
  checkMembers(body, RESOURCE_MEMBERS, 'OnlineDeploymentData', '');
  const properties = requireObject(body, 'properties');
  requireString(properties, 'endpointComputeType', ['Managed']);
  const instanceType = requireString(properties, 'instanceType');
  if (!findSize(instanceType)) {
    const names = MACHINE_SIZES.map(({ name }) => name).join(', ');
    throw invalidParameter('instanceType', `The instance type '${instanceType}' is not supported. Supported are: ${names}.`);
  }
  const instanceCount = readNumber(readObject(body, 'sku') ?? {}, 'capacity') ?? 1;
  // Source: "Manage and increase quotas and limits for resources with Azure Machine Learning", instances a deployment: 50; read November 2026.
  if (!Number.isInteger(instanceCount) || instanceCount < 1 || instanceCount > 50) {
    throw invalidParameter('capacity', `The number of instances is ${instanceCount}; it has to be 1 to 50.`);
  }
  const concurrency = readNumber(readObject(properties, 'requestSettings') ?? {}, 'maxConcurrentRequestsPerInstance') ?? 1;
  return { model: readModel(properties), instanceType, instanceCount, concurrency, tags: readTags(body) };
};

const readTraffic = (properties: Properties): Traffic | undefined => {
  const traffic = readObject(properties, 'traffic');
  if (!traffic) return undefined;
  for (const name of Object.keys(traffic)) {
    const share = readNumber(traffic, name);
    if (share === undefined || !Number.isInteger(share) || share < 0 || share > 100) {
      throw invalidParameter('traffic', `The traffic of '${name}' is ${share}; it has to be a whole number of percent.`);
    }
  }
  return traffic as Traffic;
};

/** What the operations of online endpoints do. */
export const createMlHandlers = (account: AzureAccount): ArmHandlers<MlOperation, ArmCall> => {
  const { onlineEndpoints, subscriptionId, regions, app } = account;

  const follow = ({ url, apiVersion }: ArmCall, operation: AsyncOperation) =>
    pollingHeaders(
      url.href,
      `/subscriptions/${subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${operation.location}/mfeOperationsStatus`,
      operation,
      apiVersion,
    );

  const endpointsOf = ({ variables, resourceGroup }: ArmCall): ManagedEndpoint => {
    const { workspace = '' } = variables;
    const region = regions.find((one) => workspaceOf(one).toLowerCase() === workspace.toLowerCase());
    const endpoint = region && onlineEndpoints.at(region);
    if (endpoint) return endpoint;
    throw resourceNotFound(`Microsoft.MachineLearningServices/workspaces/${workspace}`, resourceGroup);
  };

  const notFound = ({ variables, resourceGroup }: ArmCall, what: string): ArmError =>
    resourceNotFound(`${TYPE.replace('/onlineEndpoints', '')}/${variables.workspace}/onlineEndpoints/${what}`, resourceGroup);

  const findEndpoint = (call: ArmCall): ManagedEndpoint => {
    const endpoint = endpointsOf(call);
    const { endpoint: name = '' } = call.variables;
    if (name.toLowerCase() !== ENDPOINT) throw notFound(call, name);
    return endpoint;
  };

  const findDeployment = (call: ArmCall): ManagedDeployment => {
    const { deployment: name = '', endpoint = '' } = call.variables;
    const deployment = findEndpoint(call).deployments.get(name);
    if (!deployment) throw notFound(call, `${endpoint}/deployments/${name}`);
    return deployment;
  };

  const idOf = ({ resourceGroup }: ArmCall, region: string) =>
    `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspaceOf(region)}/onlineEndpoints/${ENDPOINT}`;

  const viewEndpoint = (call: ArmCall, { region, traffic, tags, provisioningState }: ManagedEndpoint) => ({
    id: idOf(call, region),
    name: ENDPOINT,
    type: TYPE,
    location: region,
    tags: tags ?? {},
    kind: 'Managed',
    properties: {
      authMode: 'Key',
      traffic,
      mirrorTraffic: {},
      provisioningState,
      publicNetworkAccess: 'Enabled',
      scoringUri: onlineEndpoints.scoringUriOf(region),
    },
  });

  const viewDeployment = (call: ArmCall, region: string, { name, input, provisioningState }: ManagedDeployment) => ({
    id: `${idOf(call, region)}/deployments/${name}`,
    name,
    type: `${TYPE}/deployments`,
    location: region,
    tags: input.tags ?? {},
    sku: { name: 'Default', capacity: input.instanceCount },
    properties: {
      endpointComputeType: 'Managed',
      instanceType: input.instanceType,
      model: input.model,
      requestSettings: { maxConcurrentRequestsPerInstance: input.concurrency, requestTimeout: 'PT5S' },
      scaleSettings: { scaleType: 'Default' },
      provisioningState,
    },
  });

  const putEndpoint = async (call: ArmCall): Promise<Response> => {
    const { region } = endpointsOf(call);
    const { endpoint: name = '' } = call.variables;
    if (name.toLowerCase() !== ENDPOINT) {
      // The code is that of "Troubleshoot online endpoints" for too many endpoints (read November 2026); 409, the words and the limit are ours.
      const message = `The subscription has as many online endpoints in ${region} as it may have: 1, ${ENDPOINT}.`;
      throw new ArmError(409, 'OutOfQuota', message);
    }
    const body = await call.readBody();
    checkMembers(body, RESOURCE_MEMBERS, 'OnlineEndpointData', '');
    const location = readLocation(body, regions, TYPE);
    if (location !== region) {
      throw new ArmError(409, 'InvalidResourceLocation', `The resource '${name}' already exists in location '${region}'.`);
    }
    const properties = requireObject(body, 'properties');
    requireString(properties, 'authMode', ['AMLToken', 'Key', 'AADToken']);
    const traffic = readTraffic(properties) ?? findEndpoint(call).traffic;
    const operation = onlineEndpoints.setTraffic(region, traffic, readTags(body));
    const { location: _, ...headers } = follow(call, operation);
    return Response.json(viewEndpoint(call, findEndpoint(call)), { status: 200, headers });
  };

  const putDeployment = async (call: ArmCall): Promise<Response> => {
    const { region, deployments } = findEndpoint(call);
    const { deployment: name = '' } = call.variables;
    if (!DEPLOYMENT_NAME.test(name)) {
      const message = `The deployment name '${name}' is not valid: 3 to 32 letters, digits and '-', that begin with a letter and end with a letter or digit.`;
      throw invalidParameter('name', message);
    }
    const isNew = !deployments.has(name);
    const body = await call.readBody();
    readLocation(body, [region], `${TYPE}/deployments`);
    const operation = onlineEndpoints.putDeployment(region, name, readDeployment(body));
    const { location: _, ...headers } = follow(call, operation);
    return Response.json(viewDeployment(call, region, findDeployment(call)), { status: isNew ? 201 : 200, headers });
  };

  return {
    OnlineEndpoints_List: (call) => Response.json({ value: [viewEndpoint(call, endpointsOf(call))] }),
    OnlineEndpoints_Get: (call) => Response.json(viewEndpoint(call, findEndpoint(call))),
    OnlineEndpoints_CreateOrUpdate: putEndpoint,
    OnlineEndpoints_ListKeys(call) {
      findEndpoint(call);
      const { endpointKey } = app.credentials.published;
      return Response.json({ primaryKey: endpointKey, secondaryKey: endpointKey });
    },
    OnlineDeployments_List(call) {
      const { region, deployments } = findEndpoint(call);
      return Response.json({ value: [...deployments.values()].map((one) => viewDeployment(call, region, one)) });
    },
    OnlineDeployments_Get: (call) => Response.json(viewDeployment(call, findEndpoint(call).region, findDeployment(call))),
    OnlineDeployments_CreateOrUpdate: putDeployment,
    OnlineDeployments_Delete(call) {
      const { region, deployments } = findEndpoint(call);
      const { deployment = '' } = call.variables;
      if (!deployments.has(deployment)) return new Response(null, { status: 204 });
      return new Response(null, { status: 202, headers: follow(call, onlineEndpoints.deleteDeployment(region, deployment)) });
    },
    OperationsStatus_Get({ url, variables }) {
      const operation = onlineEndpoints.operations.find(variables.operationId ?? '');
      if (!operation) throw new ArmError(404, 'NotFound', `The operation '${variables.operationId}' was not found.`);
      return url.searchParams.get('monitor') === 'true' ? monitorResponse(operation) : statusResponse(operation);
    },
  };
};
