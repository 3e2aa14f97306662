import { invalidArgument, invalidEntity, notFound, WatsonxError } from './errors.ts';
import { checkSpace, isObject, type JsonObject, wrongType } from './request.ts';
import type { Deployment, Space } from './space.ts';

/**
 * Deployments of the account's plan: what the Lite plan had until September 2020 ("Deployed models 5", dataplatform.cloud.ibm.com,
 * track-runtime-usage-wml.html, a copy of 2020). Plans since then name no limit of deployments; it is kept so that there is one to run into.
 */
export const MAX_DEPLOYMENTS = 5;

const STATES = ['initializing', 'updating', 'ready', 'failed'];

/** A deployment as the API shows it. @param origin of the addresses that predict */
export const describeDeployment = (space: Space, deployment: Deployment, origin: string) => {
  const { id, servingName, name, description, tags, custom, state } = deployment;
  const base = `${origin}/ml/v4/deployments`;
  const inference = [
    { url: `${base}/${id}/predictions` },
    ...(servingName === undefined ? [] : [{ url: `${base}/${servingName}/predictions`, uses_serving_name: true }]),
  ];
  return {
    metadata: {
      id,
      name,
      description,
      tags,
      owner: space.owner,
      space_id: space.id,
      created_at: deployment.createdAt,
      modified_at: deployment.modifiedAt,
    },
    entity: {
      asset: { id: deployment.assetId },
      custom,
      deployed_asset_type: 'model',
      online: servingName === undefined ? {} : { parameters: { serving_name: servingName } },
      status: { state, ...(state === 'ready' ? { online_url: { url: inference[0]?.url }, inference } : {}) },
    },
  };
};

const optionalString = (value: unknown, field: string): string | undefined => {
  if (value !== undefined && typeof value !== 'string') throw wrongType(field, 'a string');
  return value;
};

const requiredName = (value: unknown): string => {
  if (value === undefined || value === '') throw invalidEntity('Invalid request: `name` is a required field.');
  return optionalString(value, 'name') ?? '';
};

const optionalTags = (value: unknown): readonly string[] | undefined => {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((tag): tag is string => typeof tag === 'string')) {
    throw wrongType('tags', 'an array of strings');
  }
  return value;
};

const optionalObject = (value: unknown, field: string): JsonObject | undefined => {
  if (value !== undefined && !isObject(value)) throw wrongType(field, 'an object');
  return value;
};

const assetOf = (space: Space, value: unknown): string => {
  const id = optionalObject(value, 'asset')?.id;
  if (id === undefined) throw invalidEntity('Invalid request: `asset.id` is a required field of the deployment of a model.');
  if (typeof id !== 'string') throw wrongType('asset.id', 'a string');
  if (!space.models.some((model) => model.id === id)) throw notFound('model', id);
  return id;
};

/** What serves foundation models; here are none. */
const FOUNDATION_FIELDS = ['prompt_template', 'base_model_id', 'base_deployment_id', 'hardware_request'];

/** Deploys a stored model. @throws {WatsonxError} */
export const createDeployment = (space: Space, body: unknown): Deployment => {
  if (!isObject(body)) throw wrongType('body', 'an object');
  const name = requiredName(body.name);
  checkSpace(space, body);
  const foundation = FOUNDATION_FIELDS.find((field) => body[field] !== undefined);
  if (foundation) throw invalidEntity(`Invalid request: \`${foundation}\` does not go with the models of this space.`);
  const online = optionalObject(body.online, 'online');
  if (!online) throw invalidEntity('Invalid request: `online` is a required field.');
  const servingName = optionalString(
    optionalObject(online.parameters, 'online.parameters')?.serving_name,
    'online.parameters.serving_name',
  );
  if (servingName !== undefined && !/^[a-z0-9_]{1,36}$/.test(servingName)) {
    throw invalidEntity('Invalid request: `serving_name` has up to 36 lower case letters, digits and underscores.');
  }
  const wanted = {
    name,
    description: optionalString(body.description, 'description'),
    tags: optionalTags(body.tags),
    custom: optionalObject(body.custom, 'custom'),
    servingName,
    assetId: assetOf(space, body.asset),
  };
  if (servingName !== undefined && space.find(servingName)) {
    throw new WatsonxError(409, 'serving_name_not_available', `The serving name '${servingName}' is in use.`);
  }
  if (space.deployments.size >= MAX_DEPLOYMENTS) {
    // Code and message: IBM's "Troubleshooting" of Watson Machine Learning, a copy of August 2017. The status is taken by analogy.
    throw new WatsonxError(
      403,
      'deployments_plan_limit_reached',
      `Current plan 'lite' only allows ${MAX_DEPLOYMENTS} deployments`,
    );
  }
  return space.deploy(wanted);
};

/** @throws {WatsonxError} */
export const findDeployment = (space: Space, id: string): Deployment => {
  const deployment = space.deployments.get(id);
  if (!deployment) throw notFound('deployment', id);
  return deployment;
};

/** Deployments that pass the filters of a query. @throws {WatsonxError} */
export const filterDeployments = (space: Space, query: URLSearchParams): readonly Deployment[] => {
  const state = query.get('state');
  if (state !== null && !STATES.includes(state)) throw invalidArgument(`'state' is one of ${STATES.join(', ')}.`);
  const tag = query.get('tag.value');
  const wanted = { name: query.get('name'), assetId: query.get('asset_id'), servingName: query.get('serving_name'), state };
  // Nothing here was made from a prompt template, or of a foundation model.
  if (query.get('prompt_template_id') !== null || query.get('type') !== null) return [];
  return [...space.deployments.values()].filter(
    (deployment) =>
      (tag === null || deployment.tags?.includes(tag)) &&
      (Object.keys(wanted) as (keyof typeof wanted)[]).every((key) => wanted[key] === null || wanted[key] === deployment[key]),
  );
};

const OPERATIONS = ['add', 'replace', 'remove'];

/** Fields that a JSON patch reaches. */
const PATCHES: Readonly<Record<string, (deployment: Deployment, value: unknown, space: Space) => void>> = {
  '/name': (deployment, value) => {
    deployment.name = requiredName(value);
  },
  '/description': (deployment, value) => {
    deployment.description = optionalString(value, 'description');
  },
  '/tags': (deployment, value) => {
    deployment.tags = optionalTags(value);
  },
  '/custom': (deployment, value) => {
    deployment.custom = optionalObject(value, 'custom');
  },
  '/asset': (deployment, value, space) => {
    deployment.assetId = assetOf(space, value);
  },
};

/**
 * Applies a JSON patch (RFC 6902), all of it or nothing.
 * @returns whether the deployment is deployed again for it
 * @throws {WatsonxError}
 */
export const patchDeployment = (space: Space, deployment: Deployment, patch: unknown): boolean => {
  if (!Array.isArray(patch) || patch.length === 0) throw wrongType('body', 'an array of patch operations');
  const changed = { ...deployment };
  for (const step of patch as readonly unknown[]) {
    if (!isObject(step)) throw wrongType('body', 'an array of patch operations');
    const { op, path, value } = step;
    if (typeof op !== 'string' || !OPERATIONS.includes(op))
      throw invalidEntity('Invalid request: `op` is add, replace or remove.');
    const apply = typeof path === 'string' && Object.hasOwn(PATCHES, path) ? PATCHES[path] : undefined;
    if (!apply) throw invalidEntity(`Invalid request: \`${path}\` cannot be patched.`);
    apply(changed, op === 'remove' ? undefined : value, space);
  }
  const isRedeployed = changed.assetId !== deployment.assetId;
  Object.assign(deployment, changed, { modifiedAt: new Date().toISOString() });
  if (isRedeployed) space.redeploy(deployment);
  return isRedeployed;
};
