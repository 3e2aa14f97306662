import { CODES } from '../../../mocks/shared/grpc/codes.ts';
import { type GrpcCall, GrpcFailure, type GrpcMethod, type GrpcService } from '../../../mocks/shared/grpc/service.ts';
import { readCaller } from '../caller.ts';
import { BadRequest, Refused } from '../errors.ts';
import { describeModel, describeServer, MODEL_VERSION, type OutputName } from '../open-inference.ts';
import type { Stack } from '../stack.ts';
import { FAILURES, failureOf } from './failures.ts';
import { inferResponse, outputsIn, rowsIn } from './grpc-tensors.ts';
import { inOrder } from './in-order.ts';
import {
  type Message,
  type ModelInferRequest,
  type ModelInferResponse,
  type ModelName,
  messages,
  SERVICE,
  type Tensor,
} from './inference-proto.ts';
import { marksOf } from './marks.ts';

/** Requests of one stream that are under way; its caller waits with the next. */
const MAX_UNDER_WAY_IN_STREAM = 64;

const decode = <Value>(type: Message<Value>, bytes: Uint8Array): Value => {
  try {
    return type.decode(bytes);
  } catch {
    throw new BadRequest('The message is not what the method takes.');
  }
};

/** An error as the status of a call. */
const asGrpcFailure = (error: unknown): GrpcFailure => {
  const { kind, message } = failureOf(error);
  return new GrpcFailure(FAILURES[kind].grpc, message);
};

/** A method of one message each way. */
const unary = (name: string, answer: (call: GrpcCall) => Uint8Array | Promise<Uint8Array>): GrpcMethod => ({
  name,
  isServerStreaming: false,
  async *call(call) {
    try {
      yield await answer(call);
    } catch (error) {
      throw asGrpcFailure(error);
    }
  },
});

/**
 * What the caller says of a request: by metadata, and by the deadline that the protocol itself has.
 * @param elapsedMs since the call came in: the deadline of a stream is that of all its requests
 */
const callerOf = ({ metadata, deadlineMs, signal }: GrpcCall, elapsedMs: number) => {
  const caller = readCaller((name) => metadata[name] ?? null);
  return { ...caller, deadlineMs: Math.min(caller.deadlineMs, deadlineMs - elapsedMs), signal };
};

const asTensor = ({ shape, ...tensor }: { name: string; datatype: string; shape: readonly number[] }): Tensor => ({
  ...tensor,
  shape: shape.map(BigInt),
});

/**
 * `inference.GRPCInferenceService` of the Open Inference Protocol, and Triton's `ModelStreamInfer`. The deadline of a call bounds its
 * request as the header does in REST; marks are initial metadata and, for those who do not see that, parameters of the answer.
 */
export const createInferenceService = (stack: Stack): GrpcService => {
  const { model, isReady } = stack;

  /** @throws {Refused} */
  const check = ({ name, version }: ModelName): void => {
    if (name !== model) throw new Refused('not-found', `There is no model ${name}; ${model} is served.`);
    if (version === '' || version === MODEL_VERSION) return;
    throw new Refused('not-found', `${model} has no version ${version}; it has ${MODEL_VERSION}.`);
  };

  const infer = async (request: ModelInferRequest, call: GrpcCall, elapsedMs = 0) => {
    check({ name: request.modelName, version: request.modelVersion });
    let outputs: readonly OutputName[] = [];
    const read = () => {
      outputs = outputsIn(request);
      return rowsIn(request);
    };
    const answer = await stack.infer(read, callerOf(call, elapsedMs));
    return { answer, response: inferResponse(model, request, outputs, answer) };
  };

  /** One request of a stream: what goes wrong with it is said in its answer, and the stream goes on. */
  const inferInStream = async (message: Uint8Array, call: GrpcCall, elapsedMs: number): Promise<Uint8Array> => {
    const { ModelStreamInferResponse } = messages;
    let request: ModelInferRequest | undefined;
    try {
      request = decode(messages.ModelInferRequest, message);
      const { response } = await infer(request, call, elapsedMs);
      return ModelStreamInferResponse.encode({ inferResponse: response });
    } catch (error) {
      // The id tells which request it is about, as Triton has it.
      const about: Partial<ModelInferResponse> = request ? { modelName: request.modelName, id: request.id } : {};
      return ModelStreamInferResponse.encode({ errorMessage: failureOf(error).message, inferResponse: about });
    }
  };

  const streamInfer: GrpcMethod = {
    name: 'ModelStreamInfer',
    isClientStreaming: true,
    isServerStreaming: true,
    async *call(call) {
      const startedAtMs = performance.now();
      yield* inOrder(call.messages, MAX_UNDER_WAY_IN_STREAM, (message) =>
        inferInStream(message, call, performance.now() - startedAtMs),
      );
      if (call.signal.aborted) throw new GrpcFailure(CODES.CANCELLED, 'The caller has gone.');
    },
  };

  return {
    name: SERVICE,
    methods: [
      unary('ServerLive', () => messages.ServerLiveResponse.encode({ live: true })),
      unary('ServerReady', () => messages.ServerReadyResponse.encode({ ready: isReady() })),
      unary('ModelReady', ({ message }) => {
        check(decode(messages.ModelReadyRequest, message));
        return messages.ModelReadyResponse.encode({ ready: isReady() });
      }),
      unary('ServerMetadata', () => messages.ServerMetadataResponse.encode(describeServer())),
      unary('ModelMetadata', ({ message }) => {
        check(decode(messages.ModelMetadataRequest, message));
        const { inputs, outputs, ...described } = describeModel(model);
        return messages.ModelMetadataResponse.encode({
          ...described,
          inputs: inputs.map(asTensor),
          outputs: outputs.map(asTensor),
        });
      }),
      unary('ModelInfer', async (call) => {
        const { answer, response } = await infer(decode(messages.ModelInferRequest, call.message), call);
        call.sendMetadata(marksOf(answer));
        return messages.ModelInferResponse.encode(response);
      }),
      streamInfer,
    ],
  };
};
