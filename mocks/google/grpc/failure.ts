import { fromJson, type JsonValue, toBinary } from '@bufbuild/protobuf';
import { CODES } from '../../shared/grpc/codes.ts';
import { GrpcFailure } from '../../shared/grpc/service.ts';
import { detailTypes, status } from '../proto/status.ts';

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
