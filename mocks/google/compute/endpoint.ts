import { GLOBAL } from '../../cloud/cloud.ts';
import type { FetchHandler } from '../../emulator.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import type { GoogleAccount } from '../account.ts';
import { failureResponse, unknownPathResponse } from '../errors.ts';
import { COMPUTE_API } from '../google-api.ts';
import { type RateQuota, rateDetails, rateMessage } from '../rate-exceeded.ts';
import { projectNumber } from '../resource-names.ts';
import { ComputeError, computeErrorResponse, invalidField } from './error.ts';
import { readInstanceRequest } from './instance-request.ts';
import { paginate } from './list.ts';
import { BASE_URL } from './names.ts';
import type { ZoneOperation } from './operation.ts';
import type { ComputeProject } from './project.ts';

/** Name of the service in the table and in commands. */
export const COMPUTE = 'compute';

const MAX_BODY_BYTES = 1024 * 1024;
/** `wait` answers after two minutes with what there is. Source: `ZoneOperations.Wait` in `compute.proto` of @google-cloud/compute 7.8. */
const MAX_WAIT_MS = 120_000;

/**
 * The quota of Compute Engine's global methods. Source of the names: cloud.google.com/compute/api-quota, "Legacy API quotas for global methods", in a
 * copy of April 2026. Google counts methods of a zone by region and by kind; here all count together.
 */
const RATE: RateQuota = {
  service: COMPUTE_API.service,
  metricTitle: 'Queries',
  limitTitle: 'Queries per minute',
  metric: 'default',
  limit: 'defaultPerMinutePerProject',
  location: 'global',
};

interface Call {
  readonly request: Request;
  readonly query: URLSearchParams;
  readonly zone: string;
  /** Of an instance or an operation; empty for a collection. */
  readonly name: string;
  readonly compute: ComputeProject;
  /** Email address of the caller. */
  readonly user: string;
}

type Answer = Readonly<Record<string, unknown>>;

interface Method {
  /** Name in the table. */
  readonly operation: string;
  readonly permission: string;
  readonly isIdempotentById?: true;
  answer(call: Call): Answer | Promise<Answer>;
}

const readText = async (request: Request): Promise<string> => {
  const body = await readBytes(request, MAX_BODY_BYTES);
  if (!body) throw new ComputeError('badRequest', `The request is larger than ${MAX_BODY_BYTES} bytes.`);
  return new TextDecoder().decode(body);
};

const collection = (kind: string, path: string, resources: readonly Answer[], query: URLSearchParams): Answer => ({
  kind: `compute#${kind}`,
  id: path,
  selfLink: `${BASE_URL}/${path}`,
  ...paginate(resources, query),
});

const describeAll = (described: readonly { describe(): Answer }[]): readonly Answer[] => described.map((one) => one.describe());

const waitFor = async (operation: ZoneOperation): Promise<Answer> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, MAX_WAIT_MS);
  });
  await Promise.race([operation.done, timeout]);
  clearTimeout(timer);
  return operation.describe();
};

const aggregated: Method = {
  operation: 'AggregatedList',
  permission: 'compute.instances.list',
  answer({ compute, query }) {
    const all = describeAll(compute.zones.flatMap((zone) => compute.instancesIn(zone)));
    const { items, ...page } = collection(
      'instanceAggregatedList',
      `projects/${compute.projectId}/aggregated/instances`,
      all,
      query,
    );
    const scopes = compute.zones.map((zone) => {
      const instances = (items as readonly Answer[]).filter((one) => String(one.zone).endsWith(`/${zone}`));
      const none = { code: 'NO_RESULTS_ON_PAGE', message: `There are no results for scope 'zones/${zone}' on this page.` };
      const scope = { ...none, data: [{ key: 'scope', value: `zones/${zone}` }] };
      return [`zones/${zone}`, instances.length > 0 ? { instances } : { warning: scope }];
    });
    return { ...page, items: Object.fromEntries(scopes) };
  },
};

/** By HTTP method and what stands under a zone, `*` being a name. */
const METHODS: Readonly<Record<string, Method>> = {
  'POST instances': {
    operation: 'Insert',
    permission: 'compute.instances.create',
    isIdempotentById: true,
    answer: async ({ request, zone, compute, user }) =>
      compute.insert(zone, readInstanceRequest(await readText(request)), user).describe(),
  },
  'GET instances': {
    operation: 'List',
    permission: 'compute.instances.list',
    answer: ({ zone, compute, query }) =>
      collection(
        'instanceList',
        `projects/${compute.projectId}/zones/${zone}/instances`,
        describeAll(compute.instancesIn(zone)),
        query,
      ),
  },
  'GET instances/*': {
    operation: 'Get',
    permission: 'compute.instances.get',
    answer: ({ zone, name, compute }) => compute.find(zone, name).describe(),
  },
  'DELETE instances/*': {
    operation: 'Delete',
    permission: 'compute.instances.delete',
    isIdempotentById: true,
    answer: ({ zone, name, compute, user }) => compute.delete(zone, name, user).describe(),
  },
  'POST instances/*/stop': {
    operation: 'Stop',
    permission: 'compute.instances.stop',
    isIdempotentById: true,
    answer: ({ zone, name, compute, user }) => compute.stop(zone, name, user).describe(),
  },
  'POST instances/*/start': {
    operation: 'Start',
    permission: 'compute.instances.start',
    isIdempotentById: true,
    answer: ({ zone, name, compute, user }) => compute.start(zone, name, user).describe(),
  },
  'GET operations': {
    operation: 'ListZoneOperations',
    permission: 'compute.zoneOperations.list',
    answer: ({ zone, compute, query }) =>
      collection(
        'operationList',
        `projects/${compute.projectId}/zones/${zone}/operations`,
        describeAll(compute.operationsIn(zone)),
        query,
      ),
  },
  'GET operations/*': {
    operation: 'GetZoneOperation',
    permission: 'compute.zoneOperations.get',
    answer: ({ zone, name, compute }) => compute.findOperation(zone, name).describe(),
  },
  'POST operations/*/wait': {
    operation: 'WaitZoneOperation',
    permission: 'compute.zoneOperations.get',
    answer: ({ zone, name, compute }) => waitFor(compute.findOperation(zone, name)),
  },
};

const ZONAL = /^\/compute\/v1\/projects\/([^/]+)\/zones\/([^/]+)\/(instances|operations)(?:\/([^/]+)(\/[a-z]+)?)?$/;
const AGGREGATED = /^\/compute\/v1\/projects\/([^/]+)\/aggregated\/instances$/;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ZERO_UUID = '00000000-0000-0000-0000-000000000000';

const route = (request: Request, pathname: string) => {
  const overall = AGGREGATED.exec(pathname);
  if (overall) return request.method === 'GET' ? { method: aggregated, project: overall[1] ?? '', zone: null, name: '' } : null;
  const [, project = '', zone = '', kind = '', name = '', verb = ''] = ZONAL.exec(pathname) ?? [];
  const method = METHODS[`${request.method} ${kind}${name === '' ? '' : '/*'}${verb}`];
  return method ? { method, project, zone, name } : null;
};

/** The first thing that Compute Engine holds against a call of the project's own, if any. @throws {ComputeError} */
const checkCall = (account: GoogleAccount, operation: string, permission: string, resource: string, project: string): void => {
  const isOwn = project === account.projectId || project === projectNumber(account.projectId);
  if (!isOwn || !account.permissions.allows(COMPUTE, operation)) {
    throw new ComputeError('forbidden', `Required '${permission}' permission for '${resource}'`);
  }
  if (account.rates.admits(COMPUTE, GLOBAL)) return;
  const number = projectNumber(account.projectId);
  throw new ComputeError('rateLimitExceeded', rateMessage(number, RATE), rateDetails(number, RATE));
};

/**
 * Compute Engine, `https://compute.googleapis.com`: instances and their operations in the zones of the account's regions.
 * Source: `compute.proto` of @google-cloud/compute 7.8; the REST reference is cloud.google.com/compute/docs/reference/rest/v1/instances.
 */
export const createComputeEndpoint = (account: GoogleAccount, compute: ComputeProject): FetchHandler => {
  /** What calls with a `requestId` were answered: the same call is not carried out twice. */
  const answered = new Map<string, Promise<Answer>>();

  const once = (requestId: string, key: string, answer: () => Promise<Answer>): Promise<Answer> => {
    if (!UUID.test(requestId) || requestId === ZERO_UUID) throw invalidField('requestId', requestId, 'Must be a valid UUID.');
    const known = answered.get(key);
    if (known) return known;
    const made = answer();
    answered.set(key, made);
    // A call that was refused may be tried again under its id.
    made.catch(() => answered.delete(key));
    return made;
  };

  return async (request) => {
    const { pathname, searchParams: query } = new URL(request.url);
    const routed = route(request, pathname);
    if (!routed) return unknownPathResponse(pathname);
    const { method, project, zone, name } = routed;
    const refusal = await account.authenticate(request, COMPUTE_API, method.operation);
    if (refusal) return refusal;
    try {
      checkCall(account, method.operation, method.permission, pathname.replace('/compute/v1/', ''), project);
      if (zone !== null && !compute.zones.includes(zone)) throw invalidField('zone', zone, 'Unknown zone.');
      const call = { request, query, zone: zone ?? '', name, compute, user: account.tokens.credentials.published.clientEmail };
      const requestId = query.get('requestId');
      const answer =
        requestId === null || !method.isIdempotentById
          ? await method.answer(call)
          : await once(requestId, `${request.method} ${pathname} ${requestId}`, async () => method.answer(call));
      return Response.json(answer, { headers: { 'content-type': 'application/json; charset=UTF-8' } });
    } catch (error) {
      return error instanceof ComputeError ? computeErrorResponse(error) : failureResponse('internal');
    }
  };
};
