import { CODES } from '../../../../mocks/shared/grpc/codes.ts';
import { type GrpcCall, GrpcFailure, type GrpcMethod, type GrpcService } from '../../../../mocks/shared/grpc/service.ts';
import type { LaneEnd } from '../../../load/lane.ts';
import type { Exchange } from './lanes.ts';

const EMPTY = new Uint8Array(0);

async function* once(message: Uint8Array): AsyncGenerator<Uint8Array> {
  yield message;
}

/** What a server makes of an error, as harness/world/live/grpc-mount.ts does. */
const failed = (error: unknown, metadata: Readonly<Record<string, string>>): LaneEnd => {
  const [code, message] =
    error instanceof GrpcFailure ? [error.code, error.message] : [CODES.INTERNAL, 'Internal error encountered.'];
  return { type: 'answer', status: code, headers: { ...metadata, 'grpc-message': message }, body: EMPTY };
};

const firstMessage = async (method: GrpcMethod, call: GrpcCall): Promise<Uint8Array> => {
  for await (const message of method.call(call)) return message;
  throw new Error('The method ended without a message.');
};

/** Calls of gRPC, of one message each way, as calls of the services' methods. */
export const grpcExchange = (services: readonly GrpcService[], authority: string): Exchange => {
  const methods = new Map<string, GrpcMethod>(
    services.flatMap(({ name, methods }) => methods.map((method) => [`/${name}/${method.name}`, method] as const)),
  );
  return async ({ path, headers, body, deadlineMs = Number.POSITIVE_INFINITY }, signal) => {
    const answered: Record<string, string> = {};
    const message = body as Uint8Array;
    try {
      const method = methods.get(path);
      if (!method) throw new GrpcFailure(CODES.UNIMPLEMENTED, `The server does not implement the method ${path}`);
      const answer = await firstMessage(method, {
        message,
        messages: once(message),
        metadata: headers,
        authority,
        deadlineMs,
        signal,
        sendMetadata: (metadata) => void Object.assign(answered, metadata),
      });
      return { type: 'answer', status: CODES.OK, headers: answered, body: answer };
    } catch (error) {
      return failed(error, answered);
    }
  };
};
