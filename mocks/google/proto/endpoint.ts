import { defineProto } from '../../shared/grpc/define-proto.ts';

/**
 * An endpoint, as far as it is emulated. Source: `google/cloud/aiplatform/v1/endpoint.proto`, `endpoint_service.proto` and
 * `machine_resources.proto` in @google-cloud/aiplatform 7.4, read November 2026.
 */
export const endpoint = defineProto({
  path: 'google/cloud/aiplatform/v1/endpoint_service.proto',
  package: 'google.cloud.aiplatform.v1',
  imports: [],
  messages: {
    GetEndpointRequest: { name: [1, 'string'] },
    Endpoint: {
      name: [1, 'string'],
      display_name: [2, 'string'],
      deployed_models: [4, 'repeated DeployedModel'],
      traffic_split: [5, 'map<string, int32>'],
    },
    DeployedModel: {
      id: [1, 'string'],
      model: [2, 'string'],
      display_name: [3, 'string'],
      dedicated_resources: [7, 'DedicatedResources'],
      model_version_id: [18, 'string'],
    },
    DedicatedResources: { machine_spec: [1, 'MachineSpec'], min_replica_count: [2, 'int32'], max_replica_count: [3, 'int32'] },
    MachineSpec: { machine_type: [1, 'string'] },
  },
});
