import { fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { badRequest } from './errors.ts';
import { unwrapHttpBody, wrapHttpBody } from './http-body.ts';
import { streamOf, toJsonArray } from './json-stream.ts';
import { predict, predictRows, rawHeaders, readBody } from './predict.ts';
import { InvalidArgument, parsePredictRequest } from './predict-request.ts';
import { prediction } from './proto/prediction.ts';
import { readRows, type Tensor, toTensor } from './tensor.ts';
import { JSON_HEADERS, type VertexMethod } from './vertex-method.ts';

const invalidJson = (what: string): InvalidArgument => {
  const message = `Invalid JSON payload received. ${what}`;
  return new InvalidArgument(message, [badRequest(message)]);
};

/** The canonical JSON of a message: names in camel case, enumerations by name. @throws {InvalidArgument} */
const readMessage = (text: string): { readonly inputs?: readonly Tensor[] } => {
  const request = prediction.message('StreamingPredictRequest');
  let json: JsonValue;
  try {
    json = JSON.parse(text) as JsonValue;
  } catch {
    throw invalidJson('Unexpected token.');
  }
  try {
    return toJson(request, fromJson(request, json)) as { readonly inputs?: readonly Tensor[] };
  } catch (error) {
    throw invalidJson(error instanceof Error ? error.message : String(error));
  }
};

/** `POST .../endpoints/{endpoint}:serverStreamingPredict`: tensors in, one message a row out, the batch predicted in one go. */
export const serverStreamingPredict: VertexMethod = {
  ...predict,
  rpc: 'ServerStreamingPredict',
  answer: async (request, region) => {
    const { inputs = [] } = readMessage(await readBody(request));
    if (inputs.length === 0) throw new InvalidArgument('Empty inputs.');
    const predictions = await predictRows(inputs.flatMap(readRows), region);
    return new Response(toJsonArray(predictions.map((made) => ({ outputs: [toTensor(made)] }))), { headers: JSON_HEADERS });
  },
};

/** `POST .../endpoints/{endpoint}:streamRawPredict`: what the model's container writes, one line of JSON a prediction, as it comes. */
export const streamRawPredict: VertexMethod = {
  ...predict,
  rpc: 'StreamRawPredict',
  answer: async (request, region) => {
    const { text, isWrapped } = unwrapHttpBody(await readBody(request));
    const lines = (await predictRows(parsePredictRequest(text), region)).map((made) => `${JSON.stringify(made)}\n`);
    const body = isWrapped ? toJsonArray(lines.map((line) => wrapHttpBody('application/json', line))) : streamOf(lines);
    return new Response(body, { headers: rawHeaders(region) });
  },
};
