import { sha256Hex } from '../../shared/sha256.ts';
import { invalidParameter, notFound, OciError } from '../errors.ts';
import { mintOcid } from '../ocid.ts';
import { type Call, parseJson } from '../operations.ts';
import type { OracleRegion } from '../region.ts';
import { describeInstance } from './describe.ts';
import type { Instance, Instances } from './instances.ts';
import { displayName, isObject, planLaunch, textMap } from './launch-details.ts';

/** How long a retry token is remembered, milliseconds. Source: `opcRetryToken` of oci-core 2.139.1. */
const RETRY_TOKEN_MS = 24 * 3_600_000;
const MAX_RETRY_TOKEN_LENGTH = 64;
const MAX_RETRY_TOKENS = 10_000;

const findInstance = ({ region, id }: Call): Instance => {
  const instance = region.instances.find(id);
  if (!instance) throw notFound(`instance ${id.slice(0, 200)} not found`);
  return instance;
};

const checkIfMatch = ({ request }: Call, { etag }: Instance): void => {
  const expected = request.headers.get('if-match');
  if (expected !== null && expected !== etag && expected !== '*') {
    throw new OciError(412, 'NoEtagMatch', 'The etag in the if-match header does not match the current etag of the resource.');
  }
};

const answerInstance = (instance: Instance, region: OracleRegion, headers: Readonly<Record<string, string>> = {}): Response =>
  Response.json(describeInstance(instance, region), { headers: { etag: instance.etag, ...headers } });

/** The instance that an earlier launch with the same retry token made. @throws {OciError} */
const recall = ({ region }: Call, token: string, body: string): Instance | undefined => {
  const earlier = region.retryTokens.get(token);
  if (!earlier || Date.now() - earlier.atMs > RETRY_TOKEN_MS) return undefined;
  const instance = region.instances.find(earlier.instanceId);
  if (earlier.body !== body || !instance || ['TERMINATING', 'TERMINATED'].includes(instance.lifecycleState)) {
    throw new OciError(
      409,
      'InvalidatedRetryToken',
      'The provided retry token was used in an earlier request that resulted in a system update, but a subsequent operation invalidated the token.',
    );
  }
  return instance;
};

const remember = ({ region }: Call, token: string, instanceId: string, body: string): void => {
  region.retryTokens.set(token, { instanceId, body, atMs: Date.now() });
  const [oldest] = region.retryTokens.keys();
  if (region.retryTokens.size > MAX_RETRY_TOKENS && oldest !== undefined) region.retryTokens.delete(oldest);
};

/** Answers `LaunchInstance`. @throws {OciError} */
export const launchInstance = (call: Call): Response => {
  const { request, region } = call;
  const token = request.headers.get('opc-retry-token');
  if (token !== null && token.length > MAX_RETRY_TOKEN_LENGTH) {
    throw invalidParameter(`opc-retry-token must not have more than ${MAX_RETRY_TOKEN_LENGTH} characters.`);
  }
  const plan = planLaunch(parseJson(call.body), region);
  const body = sha256Hex(call.body);
  const instance = (token === null ? undefined : recall(call, token, body)) ?? region.instances.launch(plan);
  if (token !== null) remember(call, token, instance.id, body);
  return answerInstance(instance, region, { 'opc-work-request-id': mintOcid('coreservicesworkrequest', region.region) });
};

/** Answers `GetInstance`. @throws {OciError} */
export const getInstance = (call: Call): Response => answerInstance(findInstance(call), call.region);

/** Answers `UpdateInstance` for what can be changed of any instance: name and tags. @throws {OciError} */
export const updateInstance = (call: Call): Response => {
  const instance = findInstance(call);
  checkIfMatch(call, instance);
  const details = parseJson(call.body);
  if (!isObject(details)) throw invalidParameter('UpdateInstanceDetails must be an object.');
  const name = displayName(details.displayName);
  if (instance.preemption && details.freeformTags !== undefined) {
    throw invalidParameter('Only the name of a preemptible instance can be changed.');
  }
  call.region.instances.update(instance, {
    ...(name === undefined ? {} : { displayName: name }),
    ...(details.freeformTags === undefined ? {} : { freeformTags: textMap(details.freeformTags, 'freeformTags') }),
  });
  return answerInstance(instance, call.region);
};

const ACTIONS: Readonly<Record<string, 'start' | 'stop' | 'reset'>> = {
  START: 'start',
  STOP: 'stop',
  SOFTSTOP: 'stop',
  RESET: 'reset',
  SOFTRESET: 'reset',
};

/** Answers `InstanceAction`. @throws {OciError} */
export const instanceAction = (call: Call): Response => {
  const name = call.query.get('action') ?? '';
  const action: keyof Instances | undefined = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) throw invalidParameter(`action must be one of ${Object.keys(ACTIONS).join(', ')}.`);
  const instance = findInstance(call);
  checkIfMatch(call, instance);
  if (instance.preemption) throw invalidParameter('A preemptible instance cannot be started, stopped or rebooted.');
  call.region.instances[action](instance);
  return answerInstance(instance, call.region);
};

/** Answers `TerminateInstance`. @throws {OciError} */
export const terminateInstance = (call: Call): Response => {
  const instance = findInstance(call);
  checkIfMatch(call, instance);
  call.region.instances.terminate(instance);
  return new Response(null, {
    status: 204,
    headers: { 'opc-work-request-id': mintOcid('coreservicesworkrequest', call.region.region) },
  });
};
