import { exportSPKI } from 'jose';
import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import type { OracleAccount } from '../account.ts';
import { isObject, requiredText } from '../compute/launch-details.ts';
import { checkCompartment } from '../compute/list.ts';
import { failureResponse, invalidParameter, missingParameter, notFound, OciError } from '../errors.ts';
import { regionKey } from '../ocid.ts';
import { type Call, createService, operation, parseJson } from '../operations.ts';
import type { PublicKey } from '../signature/signing-keys.ts';

const BODY_LIMIT_BYTES = 64 * 1024;

/** Source: docs.oracle.com/iaas/Content/Identity/Tasks/managingcredentials.htm, "A user can have a maximum of three API keys at a time", in a copy that was searched in November 2026. */
export const MAX_API_KEYS = 3;

const VERSION = '/20160918';
const KEYS = `${VERSION}/users/:userId/apiKeys`;

const checkUser = ({ id, account }: Call): void => {
  if (id !== account.user) throw notFound();
};

const describeKey = async ({ tenancy, user }: OracleAccount, { fingerprint, publicKey, timeCreated }: PublicKey) => ({
  keyId: `${tenancy}/${user}/${fingerprint}`,
  keyValue: await exportSPKI(publicKey),
  fingerprint,
  userId: user,
  timeCreated,
  lifecycleState: 'ACTIVE',
});

const uploadApiKey = async (call: Call): Promise<Response> => {
  checkUser(call);
  const { keys } = call.account;
  const details = parseJson(call.body);
  if (!isObject(details)) throw missingParameter('CreateApiKeyDetails');
  const pem = requiredText(details.key, 'key');
  if (keys.all.length >= MAX_API_KEYS) {
    throw new OciError(400, 'LimitExceeded', `The user already has the maximum of ${MAX_API_KEYS} API keys.`);
  }
  const key = await keys.upload(pem);
  if (!key) throw invalidParameter('key must be the public key of an RSA key pair of at least 2048 bits, in PEM format.');
  return Response.json(await describeKey(call.account, key));
};

const deleteApiKey = async (call: Call): Promise<Response> => {
  checkUser(call);
  if (!(await call.account.keys.remove(call.subId))) throw notFound();
  return new Response(null, { status: 204 });
};

const OPERATIONS = [
  operation('ListAvailabilityDomains', 'GET', `${VERSION}/availabilityDomains`, (call) => {
    checkCompartment(call);
    const { availabilityDomains, compartmentId } = call.region;
    return Response.json(availabilityDomains.map((name) => ({ name, id: null, compartmentId })));
  }),
  operation('ListRegionSubscriptions', 'GET', `${VERSION}/tenancies/:tenancyId/regionSubscriptions`, ({ id, account }) => {
    if (id !== account.tenancy) throw notFound();
    return Response.json(
      account.regions.map((regionName, index) => ({
        regionKey: regionKey(regionName).toUpperCase(),
        regionName,
        status: 'READY',
        isHomeRegion: index === 0,
      })),
    );
  }),
  operation('GetUser', 'GET', `${VERSION}/users/:userId`, (call) => {
    checkUser(call);
    return Response.json({
      id: call.account.user,
      compartmentId: call.account.tenancy,
      name: 'squall',
      description: 'The workload',
      isMfaActivated: false,
      lifecycleState: 'ACTIVE',
      timeCreated: call.region.timeCreated,
    });
  }),
  operation('ListApiKeys', 'GET', KEYS, async (call) => {
    checkUser(call);
    return Response.json(await Promise.all(call.account.keys.all.map((key) => describeKey(call.account, key))));
  }),
  operation('UploadApiKey', 'POST', KEYS, uploadApiKey),
  operation('DeleteApiKey', 'DELETE', `${KEYS}/:fingerprint`, deleteApiKey),
];

const spec: ServiceSpec = {
  cloud: 'oracle',
  service: 'identity',
  title: 'Oracle Cloud Identity and Access Management',
  layer: 'shared',
  isRegional: true,
  needsTls: false,
  hosts: (region) => [`identity.${region}.oci.oraclecloud.com`, `identity.${region}.oraclecloud.com`],
  auth: ['oci-signature'],
  sdk: { package: 'oci-identity', override: 'new IdentityClient({ authenticationDetailsProvider }).endpoint' },
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
  source: 'oci-identity 2.139.1; docs.oracle.com/iaas/Content/API/References/apierrors.htm, in a copy (searched November 2026)',
};

/** The tenancy's user with its API keys, and what regions and availability domains there are. */
export const identity: CloudService<OracleAccount> = {
  spec,
  create: (account, region) => createService(spec, OPERATIONS, BODY_LIMIT_BYTES, account, region),
  failure: failureResponse,
};
