import { ENDPOINT_API } from './google-api.ts';
import { formatEndpointName, projectNumber } from './resource-names.ts';
import { JSON_HEADERS, type VertexMethod } from './vertex-method.ts';

/** `GET .../endpoints/{endpoint}`: the endpoint with its one deployed model. The `Endpoint` class of google-cloud-aiplatform for Python asks for it. */
export const getEndpoint: VertexMethod = {
  api: ENDPOINT_API,
  rpc: 'GetEndpoint',
  permission: 'aiplatform.endpoints.get',
  answer: async (_request, { projectId, endpoint, backend, deployed }) => {
    const { region, instanceType } = backend.region;
    const deployedModel = {
      id: deployed.deployedModelId,
      model: deployed.model,
      displayName: deployed.modelDisplayName,
      modelVersionId: deployed.modelVersionId,
      dedicatedResources: { machineSpec: { machineType: instanceType }, minReplicaCount: 1, maxReplicaCount: 1 },
    };
    return Response.json(
      {
        name: formatEndpointName({ project: projectNumber(projectId), location: region, endpoint }),
        displayName: `${deployed.modelDisplayName} endpoint`,
        deployedModels: [deployedModel],
        trafficSplit: { [deployed.deployedModelId]: 100 },
      },
      { headers: JSON_HEADERS },
    );
  },
};
