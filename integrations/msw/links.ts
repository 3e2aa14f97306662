import { linkTo } from '../../harness/emulators/endpoints.ts';
import type { ServiceLink } from '../../harness/topology/link.ts';
import type { CloudEndpoint } from '../../mocks/cloud/cloud.ts';

/** Instance metadata is in plain HTTP, at an address or a name of the cloud's own network; all else is over TLS under its true name. */
const isPlain = (host: string): boolean => /^(?:[\d.]+|\[.+\])$/.test(host) || host.endsWith('.internal');

/** The way to an endpoint under its true host names. */
export const trueLinkTo = (endpoint: CloudEndpoint): ServiceLink => ({
  ...linkTo(endpoint),
  isTls: !endpoint.spec.hosts(endpoint.region).every(isPlain),
});
