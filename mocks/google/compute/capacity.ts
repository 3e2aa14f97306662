import type { Instance, InstanceStatus } from './instance.ts';
import { QUOTAS, ZONE_CAPACITY } from './machine-types.ts';
import { regionOfZone } from './names.ts';
import type { OperationFailure } from './operation.ts';

const HOLDS_CAPACITY: readonly InstanceStatus[] = ['PROVISIONING', 'STAGING', 'RUNNING', 'STOPPING'];

const vcpusOf = (instances: readonly Instance[], isCounted: (instance: Instance) => boolean): number =>
  instances
    .filter((one) => HOLDS_CAPACITY.includes(one.status) && isCounted(one))
    .reduce((sum, { machine }) => sum + machine.vcpus, 0);

/** Null when the instance fits the quota of its region. @param others those that may count against it too */
const overQuota = ({ zone, machine: { metric, vcpus } }: Instance, others: readonly Instance[]): OperationFailure | null => {
  const region = regionOfZone(zone);
  const used = vcpusOf(others, (one) => regionOfZone(one.zone) === region && one.machine.metric === metric);
  const limit = QUOTAS[metric];
  if (used + vcpus <= limit) return null;
  return {
    httpErrorStatusCode: 403,
    httpErrorMessage: 'FORBIDDEN',
    error: {
      code: 'QUOTA_EXCEEDED',
      message: `Quota '${metric}' exceeded.  Limit: ${limit.toFixed(1)} in region ${region}.`,
      errorDetails: [
        {
          quotaInfo: {
            metricName: `compute.googleapis.com/${metric.toLowerCase()}`,
            limitName: `${metric.replace('_', '-')}-per-project-region`,
            dimensions: { region },
            limit,
          },
        },
      ],
    },
  };
};

/** Source of the form: GoogleCloudPlatform/ai-on-gke#849, CCExtractor/sample-platform#901; of the status: scylladb/scylla-cluster-tests#12477. */
const exhausted = ({ zone, request: { machineType } }: Instance, projectId: string): OperationFailure => ({
  httpErrorStatusCode: 503,
  httpErrorMessage: 'SERVICE UNAVAILABLE',
  error: {
    code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
    message:
      `The zone 'projects/${projectId}/zones/${zone}' does not have enough resources available to fulfill the request.  ` +
      'Try a different zone, or try again later.',
    errorDetails: [
      {
        help: {
          links: [{ description: 'Troubleshooting documentation', url: 'https://cloud.google.com/compute/docs/resource-error' }],
        },
      },
      {
        localizedMessage: {
          locale: 'en-US',
          message:
            `A ${machineType} VM instance is currently unavailable in the ${zone} zone. Alternatively, you can try your request again ` +
            'with a different VM hardware configuration or at a later time. For more information, see the troubleshooting documentation.',
        },
      },
      {
        errorInfo: {
          reason: 'resource_availability',
          domain: 'compute.googleapis.com',
          metadatas: { attachment: '', vmType: machineType, zone, zonesAvailable: '' },
        },
      },
    ],
  },
});

/** What the zones of a project have to give. */
export interface Capacity {
  /** Why an instance cannot be had, if it cannot. @param others the project's other instances */
  refuse(instance: Instance, others: readonly Instance[]): OperationFailure | null;
  /** Google takes an instance: while its notice runs, its zone has no spot capacity of its machine type. */
  takeBack(instance: Instance, noticeMs: number): void;
}

export const createCapacity = (projectId: string): Capacity => {
  /** How many are being taken, by zone and machine type. */
  const reclaimed = new Map<string, number>();
  const keyOf = ({ zone, request }: Instance): string => `${zone}/${request.machineType}`;
  const add = (key: string, change: number) => reclaimed.set(key, (reclaimed.get(key) ?? 0) + change);

  const isExhausted = (instance: Instance, others: readonly Instance[]): boolean => {
    const { zone, machine, request } = instance;
    if (request.isSpot && (reclaimed.get(keyOf(instance)) ?? 0) > 0) return true;
    const hosts = ZONE_CAPACITY[machine.series];
    if (hosts === undefined) return false;
    return vcpusOf(others, (one) => one.zone === zone && one.machine.series === machine.series) + machine.vcpus > hosts;
  };

  return {
    refuse: (instance, others) =>
      overQuota(instance, others) ?? (isExhausted(instance, others) ? exhausted(instance, projectId) : null),
    takeBack(instance, noticeMs) {
      const key = keyOf(instance);
      add(key, 1);
      setTimeout(() => add(key, -1), noticeMs);
    },
  };
};
