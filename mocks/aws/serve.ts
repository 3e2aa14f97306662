import { GLOBAL } from '../cloud/cloud.ts';
import type { ServiceSpec } from '../cloud/service.ts';
import type { FailureCondition } from '../control.ts';
import type { FetchHandler } from '../emulator.ts';
import { readBytes } from '../shared/read-bytes.ts';
import type { AwsAccount } from './account.ts';
import { type AwsError, failureError, frontEndError, toAwsError, withRequestId } from './errors.ts';
import type { AccountKey } from './principal.ts';
import { authenticate } from './sigv4.ts';
import type { Protocol } from './wire/protocol.ts';

/** A call that was let in. */
export interface Call {
  readonly account: AwsAccount;
  /** `global` at a service without regions. */
  readonly region: string;
  readonly key: AccountKey;
  readonly requestId: string;
}

/** One operation of a service. */
export interface Operation {
  /** ARN of what it is done to, for the words of a denial; `*` where it is done to nothing in particular. */
  resourceOf?(input: Readonly<Record<string, unknown>>, call: Call): string;
  /**
   * @param input as the protocol reads it: to be validated
   * @returns the output's members; undefined for none
   * @throws {AwsError}
   */
  run(input: Readonly<Record<string, unknown>>, call: Call): unknown;
}

/** A service whose operations all travel in one protocol. */
export interface ServedService {
  readonly spec: ServiceSpec;
  readonly protocol: Protocol;
  /** In a signature's scope, and in IAM actions: `ec2` in `ec2:RunInstances`. */
  readonly signingName: string;
  /** Largest body, bytes. */
  readonly bodyLimitBytes: number;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Operations that every caller may call, whatever a policy says. */
  readonly undeniable?: readonly string[];
  /** What a call is counted as, where it is not its operation's name. */
  kindOf?(operation: string, input: Readonly<Record<string, unknown>>): string;
  /** What is said above the rate, where it is not `ThrottlingException`. */
  readonly throttled?: () => AwsError;
}

/** Services without regions are signed for us-east-1 at their own hosts; SDKs that are pointed elsewhere sign for the region that they are set to. */
const GLOBAL_SIGNING_REGION = 'us-east-1';

/** What a service answers when it fails as a whole. A model is SageMaker's matter: elsewhere its failure is the service's own. */
export const failureIn =
  (protocol: Protocol) =>
  (condition: FailureCondition): Response => {
    const requestId = crypto.randomUUID();
    const error = failureError(condition === 'model-error' ? 'internal' : condition);
    return withRequestId(protocol.fail(error, requestId), requestId);
  };

/** The endpoint of a service in a region: signature, rate, permission, then the operation. */
export const serve = (service: ServedService, account: AwsAccount, region: string): FetchHandler => {
  const { spec, protocol, signingName, bodyLimitBytes, operations, undeniable = [], throttled, kindOf } = service;
  const scope = {
    service: signingName,
    regions: spec.isRegional ? [region] : [GLOBAL_SIGNING_REGION, ...account.regions],
  };

  const answer = async (request: Request, requestId: string): Promise<Response> => {
    const body = await readBytes(request, bodyLimitBytes);
    if (!body) throw frontEndError(null, `HTTP content length exceeded ${bodyLimitBytes} bytes.`, 413);
    const name = protocol.operationOf(request, body);
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) throw frontEndError('UnknownOperationException', null, 404);
    const key = await authenticate(request, body, scope, account.keys);
    account.iam.noteUse(key.credential.accessKeyId, signingName, region === GLOBAL ? GLOBAL_SIGNING_REGION : region);
    const input = protocol.inputOf(request, body) as Readonly<Record<string, unknown>>;
    account.takeRequest(spec.service, region, kindOf?.(name, input) ?? name, throttled);
    const call: Call = { account, region, key, requestId };
    if (!undeniable.includes(name)) {
      const resource = operation.resourceOf?.(input, call) ?? '*';
      account.authorize(key.principal, spec.service, name, `${signingName}:${name}`, resource);
    }
    return protocol.respond(name, await operation.run(input, call), requestId);
  };

  return async (request) => {
    const requestId = crypto.randomUUID();
    const response = await answer(request, requestId).catch((error: unknown) => protocol.fail(toAwsError(error), requestId));
    return withRequestId(response, requestId);
  };
};
