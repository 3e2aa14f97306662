import type { CapacityConfig } from '../../emulator.ts';
import { createInferenceBackend, type InferenceBackend } from '../../inference/backend.ts';
import type { ModelRuntime } from '../../models/runtime.ts';
import { ArmError } from '../arm/errors.ts';
import { type AsyncOperation, type AsyncOperations, createAsyncOperations } from '../arm/operations.ts';
import { findSize } from '../compute/sizes.ts';
import type { Deployment } from '../online-endpoint.ts';

/** Name of the online endpoint that each region has from the start, and of its first deployment. */
export const ENDPOINT = 'squall';
export const FIRST_DEPLOYMENT = 'blue';

/** What a deployment is made of. */
export interface DeploymentInput {
  /** Name in the model runtime, e.g. `digits`. */
  readonly model: string;
  readonly instanceType: string;
  readonly instanceCount: number;
  /** Requests that one instance serves at a time. */
  readonly concurrency: number;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** A deployment as Resource Manager knows it. */
export interface ManagedDeployment extends Deployment {
  readonly input: DeploymentInput;
  readonly provisioningState: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded';
}

/** Shares of the traffic by deployment, percent. */
export type Traffic = Readonly<Record<string, number>>;

/** The online endpoint of one region. */
export interface ManagedEndpoint {
  readonly region: string;
  readonly traffic: Traffic;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly provisioningState: 'Updating' | 'Succeeded';
  readonly deployments: ReadonlyMap<string, ManagedDeployment>;
}

/** The online endpoints of a subscription: one a region. */
export interface OnlineEndpoints {
  readonly operations: AsyncOperations;
  at(region: string): ManagedEndpoint | undefined;
  /** As `ScoringRoute.pick`, of a region's endpoint. */
  pick(region: string, named: string | null): Deployment | undefined;
  /** Where a region's endpoint scores. */
  scoringUriOf(region: string): string;
  /** Scores there from then on, not at Azure's own host. @param originOf of a region's endpoint */
  standAt(originOf: (region: string) => string): void;
  /** What serves the first deployment of a region: its price is the endpoint's. */
  backendOf(region: string): InferenceBackend;
  /** @throws {ArmError} for shares that do not fit the deployments */
  setTraffic(region: string, traffic: Traffic, tags: ManagedEndpoint['tags']): AsyncOperation;
  putDeployment(region: string, name: string, input: DeploymentInput): AsyncOperation;
  /** @throws {ArmError} while it takes traffic */
  deleteDeployment(region: string, name: string): AsyncOperation;
}

/** How long operations take, milliseconds; at Azure minutes. */
const OPERATION_MS = { traffic: 300, create: 800, update: 500, delete: 500 } as const;

const FIRST: DeploymentInput = {
  model: 'digits',
  instanceType: 'Standard_F8s_v2',
  instanceCount: 1,
  concurrency: 4,
  tags: undefined,
};

/** Service time of an instance, for its model alone takes hardly any: median and spread of a small model on a CPU. */
const SERVICE_TIME: Pick<CapacityConfig, 'serviceTimeMs' | 'serviceTimeSigma'> = { serviceTimeMs: 5, serviceTimeSigma: 0.2 };

const badTraffic = (message: string): ArmError => new ArmError(400, 'BadRequest', message, { target: 'traffic' });

export const createOnlineEndpoints = (regions: readonly string[], models: ModelRuntime): OnlineEndpoints => {
  const operations = createAsyncOperations();

  const createBackend = (region: string, { model, instanceType, instanceCount, concurrency }: DeploymentInput) => {
    const slots = instanceCount * concurrency;
    const size = findSize(instanceType);
    const instanceUsdPerHour = size ? (size.usdPerHour[region] ?? size.usdPerHour.otherwise) : 0;
    // Twice what the instances serve may be under way at once; beyond it is 429. Source: "Troubleshoot online endpoints"; read November 2026.
    const capacity = { ...SERVICE_TIME, concurrency: slots, queueLimit: slots };
    return createInferenceBackend('ml-online-endpoint', { region, capacity, instanceUsdPerHour, instanceType }, model, models);
  };

  const endpoints = new Map<string, ManagedEndpoint & { readonly deployments: Map<string, ManagedDeployment> }>();
  for (const region of regions) {
    const first: ManagedDeployment = {
      name: FIRST_DEPLOYMENT,
      backend: createBackend(region, FIRST),
      input: FIRST,
      provisioningState: 'Succeeded',
    };
    endpoints.set(region, {
      region,
      traffic: { [FIRST_DEPLOYMENT]: 100 },
      tags: undefined,
      provisioningState: 'Succeeded',
      deployments: new Map([[FIRST_DEPLOYMENT, first]]),
    });
  }
  const firstBackends = new Map(
    [...endpoints].map(([region, { deployments }]) => [region, deployments.get(FIRST_DEPLOYMENT)?.backend] as const),
  );

  const endpointAt = (region: string) => {
    const endpoint = endpoints.get(region);
    if (!endpoint) throw new TypeError(`azure has no online endpoint in ${region}`);
    return endpoint;
  };

  const isReady = (deployment: ManagedDeployment | undefined): deployment is ManagedDeployment =>
    deployment !== undefined && deployment.provisioningState !== 'Creating';

  let scoringOriginOf = (region: string): string => `https://${ENDPOINT}.${region}.inference.ml.azure.com`;

  return {
    operations,
    at: (region) => endpoints.get(region),
    scoringUriOf: (region) => `${scoringOriginOf(region)}/score`,
    standAt(originOf) {
      scoringOriginOf = originOf;
    },

    pick(region, named) {
      const { deployments, traffic } = endpointAt(region);
      if (named !== null) {
        const deployment = deployments.get(named);
        return isReady(deployment) ? deployment : undefined;
      }
      const shares = Object.entries(traffic).filter(([name, share]) => share > 0 && isReady(deployments.get(name)));
      let left = Math.random() * shares.reduce((sum, [, share]) => sum + share, 0);
      const chosen = shares.find(([, share]) => {
        left -= share;
        return left < 0;
      });
      return chosen && deployments.get(chosen[0]);
    },

    backendOf(region) {
      const backend = firstBackends.get(region);
      if (!backend) throw new TypeError(`azure has no online endpoint in ${region}`);
      return backend;
    },

    setTraffic(region, traffic, tags) {
      const endpoint = endpointAt(region);
      const unknown = Object.keys(traffic).find((name) => !endpoint.deployments.has(name));
      if (unknown !== undefined) throw badTraffic(`The traffic names a deployment '${unknown}' that the endpoint does not have.`);
      const sum = Object.values(traffic).reduce((total, share) => total + share, 0);
      if (sum !== 0 && sum !== 100) throw badTraffic(`The sum of traffic is ${sum}; it has to be 0 or 100.`);
      endpoints.set(region, { ...endpoint, provisioningState: 'Updating', tags });
      return operations.start(region, OPERATION_MS.traffic, () => {
        endpoints.set(region, { ...endpointAt(region), traffic, provisioningState: 'Succeeded' });
        return undefined;
      });
    },

    putDeployment(region, name, input) {
      const { deployments } = endpointAt(region);
      const isNew = !deployments.has(name);
      const backend = createBackend(region, input);
      const known = deployments.get(name);
      // An update rolls: what is there serves until the new instances do.
      deployments.set(
        name,
        known ? { ...known, input, provisioningState: 'Updating' } : { name, backend, input, provisioningState: 'Creating' },
      );
      return operations.start(region, isNew ? OPERATION_MS.create : OPERATION_MS.update, () => {
        if (!deployments.has(name)) return new ArmError(409, 'Conflict', `The deployment '${name}' was deleted meanwhile.`);
        deployments.set(name, { name, backend, input, provisioningState: 'Succeeded' });
        return undefined;
      });
    },

    deleteDeployment(region, name) {
      const { deployments, traffic } = endpointAt(region);
      const share = traffic[name] ?? 0;
      if (share > 0) {
        throw new ArmError(
          400,
          'BadRequest',
          `Unable to delete deployment ${name} of endpoint ${ENDPOINT}: it has ${share}% of the traffic. Set its traffic to 0 first.`,
        );
      }
      const deployment = deployments.get(name);
      if (deployment) deployments.set(name, { ...deployment, provisioningState: 'Deleting' });
      return operations.start(region, OPERATION_MS.delete, () => {
        deployments.delete(name);
        return undefined;
      });
    },
  };
};
