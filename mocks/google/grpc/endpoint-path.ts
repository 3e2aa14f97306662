import type { JsonValue } from '@bufbuild/protobuf';

const ENDPOINT = /^projects\/[^/]+\/locations\/[^/]+\/endpoints\/[^/]+$/;

/** Where REST has the endpoint of this name; null when it is no endpoint's name. */
export const endpointPath = (name: JsonValue | undefined): string | null =>
  typeof name === 'string' && ENDPOINT.test(name) ? `/v1/${name.split('/').map(encodeURIComponent).join('/')}` : null;
