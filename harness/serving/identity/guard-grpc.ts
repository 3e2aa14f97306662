import { GrpcFailure, type GrpcMethod, type GrpcService } from '../../../mocks/shared/grpc/service.ts';
import { FAILURES, failureOf } from '../doors/failures.ts';
import type { Guard } from './guard.ts';

const HEALTH: readonly string[] = ['ServerLive', 'ServerReady', 'ModelReady'];

/** A method that is called by nobody who may not. What it is asked for, and in whose name, is looked at by the stack. */
const guardMethod = (method: GrpcMethod, guard: Pick<Guard, 'admit'>, isHealthOpen: boolean): GrpcMethod => {
  const isHealth = HEALTH.includes(method.name);
  if (isHealth && isHealthOpen) return method;
  return {
    ...method,
    async *call(call) {
      try {
        await guard.admit({ authorization: call.metadata.authorization ?? null }, { action: isHealth ? 'health' : 'describe' });
      } catch (error) {
        const { kind, message } = failureOf(error);
        throw new GrpcFailure(FAILURES[kind].grpc, message);
      }
      yield* method.call(call);
    },
  };
};

export const guardGrpc = (service: GrpcService, guard: Pick<Guard, 'admit'>, isHealthOpen: boolean): GrpcService => ({
  ...service,
  methods: service.methods.map((method) => guardMethod(method, guard, isHealthOpen)),
});
