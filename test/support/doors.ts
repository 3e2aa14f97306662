import { messages, SERVICE } from '../../harness/serving/doors/inference-proto.ts';
import type { Gateway } from '../../harness/serving/gateway.ts';
import { grpcExchange } from '../../harness/world/sim/run/grpc-exchange.ts';

/** What may be said of a request by any door. */
export interface Question {
  readonly rows?: readonly (readonly number[])[];
  readonly model?: string;
  readonly version?: string;
  /** Headers of HTTP, metadata of gRPC. */
  readonly headers?: Readonly<Record<string, string>>;
  /** By the protocol's own means: `grpc-timeout`, or the header in REST. */
  readonly deadlineMs?: number;
  readonly width?: number;
  readonly signal?: AbortSignal;
}

/** What came back, whatever the door. */
export interface Reply {
  /** HTTP status, or google.rpc.Code. */
  readonly status: number;
  readonly servedBy: string | undefined;
  readonly degraded: string | undefined;
  readonly version: string | undefined;
  readonly labels: readonly number[];
  /** Why there is no prediction; empty where there is one. */
  readonly message: string;
}

/** Asks a gateway by one of its doors. */
export type AskBy = (gateway: Gateway, question: Question) => Promise<Reply>;

const BLANK = [new Array<number>(64).fill(0)];

const byRest: AskBy = async (gateway, question) => {
  const { rows = BLANK, model = 'digits', version, headers = {}, deadlineMs, width = 64, signal } = question;
  const inputs = [{ name: 'pixels', shape: [rows.length, width], datatype: 'FP32', data: rows.flat() }];
  const response = await gateway.fetch(
    new Request(`http://gateway.test/v2/models/${model}${version === undefined ? '' : `/versions/${version}`}/infer`, {
      method: 'POST',
      headers: { ...(deadlineMs === undefined ? {} : { 'x-squall-deadline-ms': String(deadlineMs) }), ...headers },
      body: JSON.stringify({ inputs }),
      ...(signal ? { signal } : {}),
    }),
  );
  const body = (await response.json()) as { error?: string; outputs?: { name: string; data: number[] }[] };
  const header = (name: string) => response.headers.get(name) ?? undefined;
  return {
    status: response.status,
    servedBy: header('x-squall-served-by'),
    degraded: header('x-squall-degraded'),
    version: header('x-squall-model-version'),
    labels: body.outputs?.find(({ name }) => name === 'label')?.data ?? [],
    message: body.error ?? '',
  };
};

const byGrpc: AskBy = async (gateway, question) => {
  const { rows = BLANK, model = 'digits', version = '', headers = {}, deadlineMs, width = 64, signal } = question;
  const shape = [BigInt(rows.length), BigInt(width)];
  const end = await grpcExchange(gateway.grpc, 'gateway.test')(
    {
      id: 'asked',
      sampleIndex: 0,
      path: `/${SERVICE}/ModelInfer`,
      headers,
      body: messages.ModelInferRequest.encode({
        modelName: model,
        modelVersion: version,
        inputs: [{ name: 'pixels', datatype: 'FP32', shape, contents: { fp32Contents: rows.flat() } }],
      }),
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    },
    signal ?? new AbortController().signal,
  );
  if (end.type === 'lost') throw new Error(end.reason);
  const header = (name: string) => end.headers[name] as string | undefined;
  const answer = messages.ModelInferResponse.decode(end.body as Uint8Array);
  return {
    status: end.status,
    servedBy: header('x-squall-served-by'),
    degraded: header('x-squall-degraded'),
    version: header('x-squall-model-version'),
    labels: (answer.outputs.find(({ name }) => name === 'label')?.contents?.int64Contents ?? []).map(Number),
    message: header('grpc-message') ?? '',
  };
};

/** Doors that answer one request at once. */
export const askBy = { rest: byRest, grpc: byGrpc } as const;
