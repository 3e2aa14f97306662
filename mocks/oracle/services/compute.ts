import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { OracleAccount } from '../account.ts';
import { describeShape } from '../compute/describe.ts';
import {
  getInstance,
  instanceAction,
  launchInstance,
  terminateInstance,
  updateInstance,
} from '../compute/instance-operations.ts';
import { answerPage, checkCompartment, listInstances } from '../compute/list.ts';
import { SHAPES } from '../compute/shapes.ts';
import { failureResponse } from '../errors.ts';
import { createService, operation } from '../operations.ts';

/** Launch details with all the metadata that they may have are far smaller. */
const BODY_LIMIT_BYTES = 1024 * 1024;

const VERSION = '/20160918';

const OPERATIONS = [
  operation('LaunchInstance', 'POST', `${VERSION}/instances`, launchInstance),
  operation('ListInstances', 'GET', `${VERSION}/instances`, listInstances),
  operation('GetInstance', 'GET', `${VERSION}/instances/:instanceId`, getInstance),
  operation('UpdateInstance', 'PUT', `${VERSION}/instances/:instanceId`, updateInstance),
  operation(
    'InstanceAction',
    'POST',
    `${VERSION}/instances/:instanceId`,
    instanceAction,
    `POST ${VERSION}/instances/{instanceId}?action={action}`,
  ),
  operation('TerminateInstance', 'DELETE', `${VERSION}/instances/:instanceId`, terminateInstance),
  operation('ListShapes', 'GET', `${VERSION}/shapes`, (call) => {
    checkCompartment(call);
    return answerPage(call, SHAPES, describeShape);
  }),
  operation('ListImages', 'GET', `${VERSION}/images`, (call) => {
    checkCompartment(call);
    const { region } = call;
    return answerPage(call, region.images, (image) => ({
      ...image,
      baseImageId: null,
      compartmentId: null,
      createImageAllowed: true,
      lifecycleState: 'AVAILABLE',
      operatingSystem: 'Oracle Linux',
      timeCreated: region.timeCreated,
    }));
  }),
  operation('ListSubnets', 'GET', `${VERSION}/subnets`, (call) => {
    checkCompartment(call);
    const { region } = call;
    return answerPage(call, [region.subnet], ({ id, vcnId }) => ({
      id,
      vcnId,
      cidrBlock: '10.0.0.0/24',
      compartmentId: region.compartmentId,
      displayName: 'squall',
      lifecycleState: 'AVAILABLE',
      routeTableId: null,
      virtualRouterIp: '10.0.0.1',
      virtualRouterMac: '00:00:17:00:00:01',
      timeCreated: region.timeCreated,
    }));
  }),
];

const spec: ServiceSpec = {
  cloud: 'oracle',
  service: 'compute',
  title: 'Oracle Cloud Compute',
  layer: 'IaaS',
  isRegional: true,
  hasSpotInstances: true,
  needsTls: false,
  hosts: (region) => [`iaas.${region}.oraclecloud.com`],
  auth: ['oci-signature'],
  sdk: { package: 'oci-core', override: 'new ComputeClient({ authenticationDetailsProvider }).endpoint' },
  operations: OPERATIONS.map(({ name, request }) => ({ name, request })),
  quota: { requestsPerS: null, source: 'no published figure was found' },
  errors: {
    'forged-credential': { status: 401, code: 'NotAuthenticated' },
    'expired-credential': { status: 401, code: 'NotAuthenticated' },
    'revoked-credential': { status: 401, code: 'NotAuthenticated' },
    'missing-permission': { status: 404, code: 'NotAuthorizedOrNotFound' },
    'malformed-request': { status: 400, code: 'InvalidParameter' },
    'unknown-resource': { status: 404, code: 'NotAuthorizedOrNotFound' },
    throttled: { status: 429, code: 'TooManyRequests' },
    'quota-exceeded': { status: 400, code: 'LimitExceeded' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source: 'oci-core 2.139.1; docs.oracle.com/iaas/Content/API/References/apierrors.htm, in a copy (searched November 2026)',
};

/** Instances of a tenancy in one region. */
export const compute: CloudService<OracleAccount> = {
  spec,
  create: (account, region) => createService(spec, OPERATIONS, BODY_LIMIT_BYTES, account, region),
  failure: failureResponse,
};
