/** What carries the requests of a load, one at a time each, sent when the caller says so. */
export interface Lanes {
  readonly lanes: readonly Lane[];
  /** Cuts all connections; requests under way are dropped without a word. */
  stop(): Promise<void>;
}

/** A place for one request under way. */
export interface Lane {
  /** Sends a request; the lane must be idle. `onEnd` is called once, unless the request is aborted. */
  send(request: LaneRequest, onEnd: (end: LaneEnd) => void): void;
  /** Gives the request under way up, so that the server knows at once; the lane is idle then. */
  abort(): void;
}

/** A request as it goes out, whatever carries it. */
export interface LaneRequest {
  /** Unique in the run; a request that follows another of the same caller has its id. */
  readonly id: string;
  /** Index of the sample that it asks about. */
  readonly sampleIndex: number;
  /** Of HTTP; POST when absent. */
  readonly method?: 'GET' | 'POST';
  /** Path of HTTP, e.g. `/v2/models/digits/infer`; of a gRPC method, e.g. `/inference.GRPCInferenceService/ModelInfer`. */
  readonly path: string;
  /** Headers of HTTP, metadata of gRPC; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text of HTTP, a message of gRPC. */
  readonly body: string | Uint8Array;
  /** The deadline that the caller sets by the protocol's own means (`grpc-timeout`), whole milliseconds; absent where it sets none. */
  readonly deadlineMs?: number;
  /** None of the load's: it should get no answer. */
  readonly isProbe?: true;
}

/** How a request ended, as its lane saw it. */
export type LaneEnd = LaneAnswer | LaneLoss;

export interface LaneAnswer {
  readonly type: 'answer';
  /** HTTP status; of gRPC the google.rpc.Code. */
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Text of HTTP; the message of gRPC, empty where the status is not OK. */
  readonly body: string | Uint8Array;
}

/** Connection refused, reset or closed, or what came was not of the protocol. */
export interface LaneLoss {
  readonly type: 'lost';
  readonly reason: string;
}

/** Headers of HTTP as they came, names in the case of the wire; of gRPC metadata and trailers. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

export interface LanesOptions {
  /** Where the system under test listens for what the lanes speak, e.g. `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly count: number;
  /** Called after each end, and after an abort: the lane can send again. */
  onIdle(lane: Lane, after: LaneEnd['type'] | 'abort'): void;
}

export type CreateLanes = (options: LanesOptions) => Lanes;
