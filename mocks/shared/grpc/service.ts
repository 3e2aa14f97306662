/** One call as it comes off an HTTP/2 connection. */
export interface GrpcCall {
  /** The request message, encoded; empty where the caller streams. */
  readonly message: Uint8Array;
  /** All request messages, encoded: one unless the caller streams. */
  readonly messages: AsyncIterable<Uint8Array>;
  /** Metadata that is text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Host and port that were called. */
  readonly authority: string;
  /** Milliseconds that the caller had left when the call came in (`grpc-timeout`); Infinity when it sets no deadline. */
  readonly deadlineMs: number;
  /** Aborted when the caller cancels, or its deadline is over. */
  readonly signal: AbortSignal;
  /** What the answer says of itself as initial metadata: to be called before the first message, once. */
  sendMetadata(metadata: Readonly<Record<string, string>>): void;
}

export interface GrpcMethod {
  /** E.g. `Predict`. */
  readonly name: string;
  /** Absent where the caller sends one message. */
  readonly isClientStreaming?: boolean;
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
