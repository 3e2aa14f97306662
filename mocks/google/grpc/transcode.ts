import { type DescMessage, fromBinary, fromJson, type JsonObject, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf';
import type { FetchHandler } from '../../emulator.ts';
import { CODES } from '../../shared/grpc/codes.ts';
import { type GrpcCall, GrpcFailure, type GrpcMethod } from '../../shared/grpc/service.ts';
import { failureOfResponse } from './failure.ts';
import { jsonElements } from './json-elements.ts';

/** A method with its `google.api.http` rule: where the same is had over REST. */
export interface TranscodedMethod {
  readonly name: string;
  readonly input: DescMessage;
  readonly output: DescMessage;
  readonly isServerStreaming: boolean;
  /** The REST request: POST where it has a body, GET without; null for a resource name of another form. */
  rule(message: JsonObject): { readonly path: string; readonly body?: JsonObject } | null;
}

/** Metadata that is for the call and not for the API, or that is stated anew. */
const isOfTransport = (name: string): boolean =>
  name.startsWith('grpc-') || name.endsWith('-bin') || ['te', 'content-type', 'user-agent', 'host'].includes(name);

const toRequest = (method: TranscodedMethod, { message, metadata, authority, signal }: GrpcCall): Request => {
  let json: JsonObject;
  try {
    json = toJson(method.input, fromBinary(method.input, message)) as JsonObject;
  } catch {
    throw new GrpcFailure(CODES.INVALID_ARGUMENT, 'Request contains an invalid argument.');
  }
  const ruled = method.rule(json);
  if (!ruled) throw new GrpcFailure(CODES.INVALID_ARGUMENT, 'Request contains an invalid argument.');
  const headers = new Headers({ 'content-type': 'application/json' });
  for (const [name, value] of Object.entries(metadata)) if (!isOfTransport(name)) headers.set(name, value);
  const sent = ruled.body ? { method: 'POST', body: JSON.stringify(ruled.body) } : {};
  return new Request(`https://${authority}${ruled.path}`, { ...sent, headers, signal });
};

/** A method of gRPC that asks the endpoint which answers over REST: one logic, two wires. */
export const transcode = (method: TranscodedMethod, fetch: FetchHandler): GrpcMethod => {
  const encode = (json: JsonValue): Uint8Array => toBinary(method.output, fromJson(method.output, json));
  return {
    name: method.name,
    isServerStreaming: method.isServerStreaming,
    async *call(call) {
      const response = await fetch(toRequest(method, call));
      if (!response.ok) throw await failureOfResponse(response);
      if (!method.isServerStreaming) yield encode((await response.json()) as JsonValue);
      else if (response.body)
        for await (const element of jsonElements(response.body)) yield encode(JSON.parse(element) as JsonValue);
    },
  };
};
