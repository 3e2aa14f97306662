import { fromJson, type JsonValue, toBinary } from '@bufbuild/protobuf';
import { detailTypes, status } from '../proto/status.ts';
import { GrpcFailure } from './service.ts';

/** google.rpc.Code by name. Source: googleapis `google/rpc/code.proto`. */
export const CODES = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

interface ErrorBody {
  readonly error?: { readonly status?: string; readonly message?: string; readonly details?: readonly JsonValue[] };
}

/** What gRPC itself makes of an HTTP status without a body of Google's. Source: grpc `doc/http-grpc-status-mapping.md`. */
const codeOfHttpStatus = (httpStatus: number): number => {
  if (httpStatus === 400) return CODES.INTERNAL;
  if (httpStatus === 401) return CODES.UNAUTHENTICATED;
  if (httpStatus === 403) return CODES.PERMISSION_DENIED;
  if (httpStatus === 404) return CODES.UNIMPLEMENTED;
  return [429, 502, 503, 504].includes(httpStatus) ? CODES.UNAVAILABLE : CODES.UNKNOWN;
};

const encodeStatus = (code: number, message: string, details: readonly JsonValue[]): Uint8Array => {
  const type = status.message('Status');
  return toBinary(type, fromJson(type, { code, message, details: [...details] }, { registry: detailTypes }));
};

/** An error answer of the REST endpoint as the status of a call. */
export const failureOfResponse = async (response: Response): Promise<GrpcFailure> => {
  const body = await response
    .json()
    .then((json) => json as ErrorBody)
    .catch((): ErrorBody => ({}));
  const { status: name = '', message = `HTTP status ${response.status}`, details = [] } = body.error ?? {};
  const code = name in CODES ? CODES[name as keyof typeof CODES] : codeOfHttpStatus(response.status);
  return new GrpcFailure(code, message, details.length === 0 ? null : encodeStatus(code, message, details));
};
