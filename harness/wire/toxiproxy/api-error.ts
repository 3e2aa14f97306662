/** An answer that is no success, in Toxiproxy's words and with its status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export const badBody = (detail: string) => new ApiError(`bad request body: ${detail}`, 400);
export const missingField = (name: string) => new ApiError(`missing required field: ${name}`, 400);
export const proxyNotFound = () => new ApiError('proxy not found', 404);
export const proxyExists = () => new ApiError('proxy already exists', 409);
export const badStream = () => new ApiError('stream was invalid, can be either upstream or downstream', 400);
export const badToxicType = () => new ApiError('invalid toxic type', 400);
export const toxicExists = () => new ApiError('toxic already exists', 409);
export const toxicNotFound = () => new ApiError('toxic not found', 404);
export const badProtocol = (found: string) => new ApiError(`protocol was invalid, can be either tcp or http; got ${found}`, 400);
export const badRules = (problems: readonly string[]) => new ApiError(`bad rules: ${problems.join('; ')}`, 400);
/** Bytes are not what an HTTP proxy's faults are about, nor requests what a TCP proxy's are. */
export const noToxics = () => new ApiError('a proxy with "protocol": "http" takes rules, not toxics', 400);
export const noRules = () => new ApiError('only a proxy with "protocol": "http" takes rules', 400);
/** An address that can't be read or listened at: Toxiproxy answers 500 to these. */
export const badAddress = (detail: string) => new ApiError(detail, 500);
