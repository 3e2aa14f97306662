import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { defineProto } from '../../../mocks/shared/grpc/define-proto.ts';

/** Any of the messages of a tensor: its parameters by name. */
const PARAMETERS = 'map<string, InferParameter>';

const TENSOR = {
  name: [1, 'string'],
  datatype: [2, 'string'],
  shape: [3, 'repeated int64'],
  parameters: [4, PARAMETERS],
  contents: [5, 'InferTensorContents'],
} as const;

/**
 * Messages of `inference.GRPCInferenceService`. Source: github.com/kserve/open-inference-protocol, commit d49cc23 (May 2025),
 * specification/protocol/open_inference_grpc.proto; `ModelStreamInferResponse`, which only Triton has, of
 * github.com/triton-inference-server/common, protobuf/grpc_service.proto; both read November 2026. What is nested in a message there stands
 * beside it here: such names are not on the wire.
 */
const proto = defineProto({
  path: 'open_inference_grpc.proto',
  package: 'inference',
  imports: [],
  messages: {
    ServerLiveRequest: {},
    ServerLiveResponse: { live: [1, 'bool'] },
    ServerReadyRequest: {},
    ServerReadyResponse: { ready: [1, 'bool'] },
    ModelReadyRequest: { name: [1, 'string'], version: [2, 'string'] },
    ModelReadyResponse: { ready: [1, 'bool'] },
    ServerMetadataRequest: {},
    ServerMetadataResponse: { name: [1, 'string'], version: [2, 'string'], extensions: [3, 'repeated string'] },
    ModelMetadataRequest: { name: [1, 'string'], version: [2, 'string'] },
    ModelMetadataResponse: {
      name: [1, 'string'],
      versions: [2, 'repeated string'],
      platform: [3, 'string'],
      inputs: [4, 'repeated TensorMetadata'],
      outputs: [5, 'repeated TensorMetadata'],
      properties: [6, 'map<string, string>'],
    },
    TensorMetadata: { name: [1, 'string'], datatype: [2, 'string'], shape: [3, 'repeated int64'] },
    ModelInferRequest: {
      model_name: [1, 'string'],
      model_version: [2, 'string'],
      id: [3, 'string'],
      parameters: [4, PARAMETERS],
      inputs: [5, 'repeated InferInputTensor'],
      outputs: [6, 'repeated InferRequestedOutputTensor'],
      raw_input_contents: [7, 'repeated bytes'],
    },
    InferInputTensor: TENSOR,
    InferRequestedOutputTensor: { name: [1, 'string'], parameters: [2, PARAMETERS] },
    ModelInferResponse: {
      model_name: [1, 'string'],
      model_version: [2, 'string'],
      id: [3, 'string'],
      parameters: [4, PARAMETERS],
      outputs: [5, 'repeated InferOutputTensor'],
      raw_output_contents: [6, 'repeated bytes'],
    },
    InferOutputTensor: TENSOR,
    ModelStreamInferResponse: { error_message: [1, 'string'], infer_response: [2, 'ModelInferResponse'] },
    InferParameter: {
      bool_param: [1, 'bool', 'parameter_choice'],
      int64_param: [2, 'int64', 'parameter_choice'],
      string_param: [3, 'string', 'parameter_choice'],
      double_param: [4, 'double', 'parameter_choice'],
      uint64_param: [5, 'uint64', 'parameter_choice'],
    },
    InferTensorContents: {
      bool_contents: [1, 'repeated bool'],
      int_contents: [2, 'repeated int32'],
      int64_contents: [3, 'repeated int64'],
      uint_contents: [4, 'repeated uint32'],
      uint64_contents: [5, 'repeated uint64'],
      fp32_contents: [6, 'repeated float'],
      fp64_contents: [7, 'repeated double'],
      bytes_contents: [8, 'repeated bytes'],
    },
  },
});

/** A tensor: of a request, of an answer. */
export interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly bigint[];
  readonly contents?: TensorContents;
}

/** The fields that the model's tensors have values in. */
export interface TensorContents {
  readonly int64Contents?: readonly bigint[];
  readonly fp32Contents?: readonly number[];
}

/** Text is all that anything here says by a parameter. */
export type Parameters = Readonly<
  Record<string, { readonly parameterChoice: { readonly case: 'stringParam'; readonly value: string } }>
>;

export interface ModelInferRequest {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly { readonly name: string }[];
  readonly rawInputContents: readonly Uint8Array[];
}

export interface ModelInferResponse {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id: string;
  readonly parameters: Parameters;
  readonly outputs: readonly Tensor[];
  readonly rawOutputContents: readonly Uint8Array[];
}

/** What names a model, and a version of it unless that is empty. */
export interface ModelName {
  readonly name: string;
  readonly version: string;
}

/** A message on the wire, and as an object. */
export interface Message<Value> {
  /** @throws {Error} when the bytes are no such message */
  decode(bytes: Uint8Array): Value;
  /** Fields that are left out have their defaults. */
  encode(value: Partial<Value>): Uint8Array;
}

const messageOf = <Value>(name: string): Message<Value> => {
  const type: DescMessage = proto.message(name);
  return {
    decode: (bytes) => fromBinary(type, bytes) as unknown as Value,
    encode: (value) => toBinary(type, create(type, value as MessageInitShape<DescMessage>)),
  };
};

/** The messages of the service's methods. */
export const messages = {
  ServerLiveResponse: messageOf<{ readonly live: boolean }>('ServerLiveResponse'),
  ServerReadyResponse: messageOf<{ readonly ready: boolean }>('ServerReadyResponse'),
  ModelReadyRequest: messageOf<ModelName>('ModelReadyRequest'),
  ModelReadyResponse: messageOf<{ readonly ready: boolean }>('ModelReadyResponse'),
  ServerMetadataResponse: messageOf<{
    readonly name: string;
    readonly version: string;
    readonly extensions: readonly string[];
  }>('ServerMetadataResponse'),
  ModelMetadataRequest: messageOf<ModelName>('ModelMetadataRequest'),
  ModelMetadataResponse: messageOf<{
    readonly name: string;
    readonly versions: readonly string[];
    readonly platform: string;
    readonly inputs: readonly Tensor[];
    readonly outputs: readonly Tensor[];
  }>('ModelMetadataResponse'),
  ModelInferRequest: messageOf<ModelInferRequest>('ModelInferRequest'),
  ModelInferResponse: messageOf<ModelInferResponse>('ModelInferResponse'),
  ModelStreamInferResponse: messageOf<{
    readonly errorMessage: string;
    readonly inferResponse: Partial<ModelInferResponse>;
  }>('ModelStreamInferResponse'),
} as const;

/** Full name of the service, and what its methods' paths begin with. */
export const SERVICE = 'inference.GRPCInferenceService';
