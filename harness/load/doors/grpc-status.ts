/** HTTP statuses that codes map to, by google.rpc.Code. Source: googleapis `google/rpc/code.proto`, "HTTP Mapping". */
const HTTP_STATUS: readonly number[] = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

/** A call's status as one of HTTP, so that records of all doors read alike; 500 for a code that there is not. */
export const httpStatusOf = (code: number): number => HTTP_STATUS[code] ?? 500;
