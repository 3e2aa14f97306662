/** How the environment variables of something end: `AWS_US_EAST_1` of `aws` and `us-east-1`, `MY_CACHE` of `my-cache`. */
export const variableSuffix = (...names: readonly string[]): string =>
  names
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '_');
