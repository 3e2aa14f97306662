import type { FetchHandler } from '../../emulator.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import { frontEndError, toAwsError, withRequestId } from '../errors.ts';
import { checkAccess } from '../identity.ts';
import type { SessionStore } from '../session-store.ts';
import { authenticate } from '../sigv4.ts';
import { jsonProtocol } from '../wire/json-protocol.ts';
import { KMS_OPERATIONS } from './operations.ts';
import type { KmsRegion } from './region.ts';

/** What stands before an operation's name in `X-Amz-Target`. */
export const KMS_TARGET = 'TrentService';

const protocol = jsonProtocol(KMS_TARGET);

const BODY_LIMIT_BYTES = 128 * 1024;

/** What the stack's key service in a region consists of. */
export interface StackKmsParts {
  readonly keys: KmsRegion;
  readonly sessions: SessionStore;
  /** AWS's clock, epoch milliseconds. */
  readonly nowMs: () => number;
  /** @param operation e.g. `Decrypt` */
  readonly permits: (operation: string) => boolean;
}

/** AWS KMS of the stack's own role, which may use keys and nothing else. */
export const createStackKms = ({ keys, sessions, nowMs, permits }: StackKmsParts): FetchHandler => {
  const answer = async (request: Request, requestId: string): Promise<Response> => {
    const body = await readBytes(request, BODY_LIMIT_BYTES);
    if (!body) throw frontEndError(null, `HTTP content length exceeded ${BODY_LIMIT_BYTES} bytes.`, 413);
    const name = protocol.operationOf(request, body);
    const operation = Object.hasOwn(KMS_OPERATIONS, name) ? KMS_OPERATIONS[name] : undefined;
    if (!operation) throw frontEndError('UnknownOperationException', null, 404);
    await authenticate(request, body, { service: 'kms', regions: [keys.region], nowMs }, sessions);
    const input = protocol.inputOf(request, body) as Readonly<Record<string, unknown>>;
    checkAccess(`kms:${name}`, operation.resourceOf?.(input, keys) ?? '*', permits(name));
    return protocol.respond(name, await operation.run(input, keys), requestId);
  };
  return async (request) => {
    const requestId = crypto.randomUUID();
    const response = await answer(request, requestId).catch((error: unknown) => protocol.fail(toAwsError(error), requestId));
    return withRequestId(response, requestId);
  };
};
