import type { CloudService, ServiceSpec } from '../../cloud/service.ts';
import { ModelInputError, type ModelRuntime, type Prediction } from '../../models/runtime.ts';
import type { OracleAccount } from '../account.ts';
import { failure, failureResponse, notFound, OciError } from '../errors.ts';
import { type Call, createService, operation, parseJson } from '../operations.ts';

/** Largest payload. Source: docs.oracle.com/iaas/Content/data-science/using/model-dep-predict-endpoint.htm, "The payload size limit is 10 MB" (413 PayloadTooLarge), in a copy that was searched in November 2026. */
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

const MODEL = 'digits';
const MAX_ROWS = 4096;

/** The page's table of errors has no 400: the code is squall's own. */
const badRequest = (message: string) => new OciError(400, 'BadRequest', message);

const isRow = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((cell) => typeof cell === 'number');

/** Rows, or an object with the rows as `data`: what the score.py that Oracle's ADS writes takes. */
const readRows = (body: unknown): readonly (readonly number[])[] => {
  const rows = typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
  if (!Array.isArray(rows) || !rows.every(isRow))
    throw badRequest('The input is an array of rows of numbers, or an object with it as data.');
  if (rows.length === 0 || rows.length > MAX_ROWS) throw badRequest(`The input has 1 to ${MAX_ROWS} rows.`);
  return rows;
};

const predictRows = async (models: ModelRuntime, rows: readonly (readonly number[])[]): Promise<readonly Prediction[]> => {
  try {
    return await models.predict(MODEL, rows);
  } catch (error) {
    throw error instanceof ModelInputError ? badRequest(error.message) : failure('model-error');
  }
};

const predict = async ({ id, body, region, account }: Call): Promise<Response> => {
  if (id !== region.modelDeploymentId) throw notFound('Model deployment not found or authorization failed.');
  const results = await predictRows(account.dependencies.models, readRows(parseJson(body)));
  return Response.json({
    prediction: results.map(({ label }) => label),
    probability: results.map(({ probabilities }) => probabilities),
  });
};

const OPERATIONS = [operation('Predict', 'POST', '/:modelDeploymentId/predict', predict)];

const spec: ServiceSpec = {
  cloud: 'oracle',
  service: 'model-deployment',
  title: 'Oracle Cloud Data Science model deployment',
  layer: 'PaaS',
  isRegional: true,
  needsTls: false,
  hosts: (region) => [`modeldeployment.${region}.oci.customer-oci.com`],
  auth: ['oci-signature'],
  // oci-datascience manages deployments; their endpoint is called by a request that oci-common signs.
  sdk: { package: 'oci-common', override: 'DefaultRequestSigner, and the URL that is fetched' },
  operations: OPERATIONS.map(({ name, request }) => ({ name, request })),
  quota: {
    requestsPerS: 150,
    source:
      'docs.oracle.com/iaas/Content/data-science/using/model-dep-predict-endpoint.htm, requests a second and tenancy, in a copy (searched November 2026)',
  },
  errors: {
    'forged-credential': { status: 401, code: 'NotAuthenticated' },
    'expired-credential': { status: 401, code: 'NotAuthenticated' },
    'revoked-credential': { status: 401, code: 'NotAuthenticated' },
    'missing-permission': { status: 404, code: 'NotAuthorizedOrNotFound' },
    'malformed-request': { status: 400, code: 'BadRequest' },
    'unknown-resource': { status: 404, code: 'NotAuthorizedOrNotFound' },
    throttled: { status: 429, code: 'TooManyRequests' },
    unavailable: { status: 503, code: 'ServiceUnavailable' },
  },
  source:
    'oci-common 2.139.1; docs.oracle.com/iaas/Content/data-science/using/model-dep-predict-endpoint.htm, in a copy (searched November 2026)',
};

/** Predictions of a model deployment in one region. */
export const modelDeployment: CloudService<OracleAccount> = {
  spec,
  create: (account, region) => createService(spec, OPERATIONS, BODY_LIMIT_BYTES, account, region),
  failure: failureResponse,
};
