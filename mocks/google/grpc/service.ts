/** One call as it comes off an HTTP/2 connection. */
export interface GrpcCall {
  /** The request message, encoded. */
  readonly message: Uint8Array;
  /** Metadata that is text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Host and port that were called. */
  readonly authority: string;
  /** Aborted when the caller cancels, or its deadline is over. */
  readonly signal: AbortSignal;
}

/** A method whose caller sends one message. */
export interface GrpcMethod {
  /** E.g. `Predict`. */
  readonly name: string;
  readonly isServerStreaming: boolean;
  /** The answer's messages, encoded; one unless the method streams. @throws {GrpcFailure} */
  call(call: GrpcCall): AsyncIterable<Uint8Array>;
}

/** A gRPC service without its socket: whoever has HTTP/2 mounts it. */
export interface GrpcService {
  /** E.g. `google.cloud.aiplatform.v1.PredictionService`. */
  readonly name: string;
  readonly methods: readonly GrpcMethod[];
}

/** A call that ends with another status than OK. */
export class GrpcFailure extends Error {
  override readonly name = 'GrpcFailure';
  /** google.rpc.Code. */
  readonly code: number;
  /** An encoded `google.rpc.Status`, for the trailer `grpc-status-details-bin`; null where there is no more to say. */
  readonly details: Uint8Array | null;
  constructor(code: number, message: string, details: Uint8Array | null = null) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
