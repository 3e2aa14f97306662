/** What a deployment consists of, in the service's own words. */
export interface Deployment {
  readonly id: string;
  readonly createdAt: string;
  modifiedAt: string;
  name: string;
  description: string | undefined;
  tags: readonly string[] | undefined;
  custom: Readonly<Record<string, unknown>> | undefined;
  readonly servingName: string | undefined;
  /** Id of the stored model that is deployed. */
  assetId: string;
  state: 'initializing' | 'updating' | 'ready';
}

/** A model that is stored in the space, and can be deployed. */
export interface StoredModel {
  readonly id: string;
  readonly name: string;
  /** Name in the model runtime. */
  readonly runtimeName: string;
  readonly createdAt: string;
}

/** A deployment space: what the account has of watsonx.ai in one region. */
export interface Space {
  readonly id: string;
  readonly region: string;
  readonly createdAt: string;
  /** Id of the instance of watsonx.ai Runtime that computes for the space. */
  readonly instanceId: string;
  /** IAM id of who owns all of it. */
  readonly owner: string;
  readonly models: readonly StoredModel[];
  /** By id, oldest first. */
  readonly deployments: ReadonlyMap<string, Deployment>;
  /** Of a deployment id or a serving name. */
  find(idOrServingName: string): Deployment | undefined;
  /** Adds a deployment that gets ready in its time. */
  deploy(wanted: Pick<Deployment, 'name' | 'description' | 'tags' | 'custom' | 'servingName' | 'assetId'>): Deployment;
  /** Deploys again what was changed. */
  redeploy(deployment: Deployment): void;
  remove(id: string): boolean;
}

/** How long a deployment initializes, milliseconds. At IBM it takes some minutes; nobody waits that long for an emulator. */
export const DEPLOY_MS = 1000;

const nowText = () => new Date().toISOString();

/** A space with the digits model, and one deployment of it that is ready. */
export const createSpace = (region: string, owner: string): Space => {
  const createdAt = nowText();
  const models: readonly StoredModel[] = ['digits', 'digits-small'].map((name) => ({
    id: crypto.randomUUID(),
    name,
    runtimeName: name,
    createdAt,
  }));
  const deployments = new Map<string, Deployment>();

  const getReady = (deployment: Deployment): void => {
    setTimeout(() => {
      if (!deployments.has(deployment.id)) return;
      deployment.state = 'ready';
      deployment.modifiedAt = nowText();
    }, DEPLOY_MS);
  };

  const add = (wanted: Parameters<Space['deploy']>[0], state: Deployment['state']): Deployment => {
    const at = nowText();
    const deployment: Deployment = { ...wanted, id: crypto.randomUUID(), createdAt: at, modifiedAt: at, state };
    deployments.set(deployment.id, deployment);
    return deployment;
  };

  const [model] = models;
  if (model) {
    const wanted = {
      name: 'digits',
      description: undefined,
      tags: undefined,
      custom: undefined,
      servingName: 'digits',
      assetId: model.id,
    };
    add(wanted, 'ready');
  }

  return {
    id: crypto.randomUUID(),
    region,
    createdAt,
    instanceId: crypto.randomUUID(),
    owner,
    models,
    deployments,
    find: (name) => deployments.get(name) ?? [...deployments.values()].find(({ servingName }) => servingName === name),
    deploy(wanted) {
      const deployment = add(wanted, 'initializing');
      getReady(deployment);
      return deployment;
    },
    redeploy(deployment) {
      deployment.state = 'updating';
      getReady(deployment);
    },
    remove: (id) => deployments.delete(id),
  };
};
