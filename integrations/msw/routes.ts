import type { ServiceSpec } from '../../mocks/cloud/service.ts';

/** What a request can be routed to. */
export interface Destination {
  readonly spec: ServiceSpec;
  readonly region: string;
}

/** The text as a regular expression that matches it and nothing else. */
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether an operation's line, e.g. `POST /score (header: {value})` or `GET /v1/{name}:read?version=...`, is about such a request. */
const isFor = (operation: string, method: string, path: string): boolean => {
  const [verb, template = '/'] = operation.split(' ');
  const [pattern = ''] = template.split('?');
  // A variable may stand for several segments, as in Google's `{parent}`.
  const expression = pattern
    .split(/\{[^}]*\}/)
    .map(literal)
    .join('.+');
  return verb === method && new RegExp(`^${expression}/?$`).test(path);
};

/** Whether a request to the host is the service's to answer: at a host that others share, its operations alone are. */
export const isAnsweredBy = (spec: ServiceSpec, host: string, method: string, path: string): boolean =>
  !spec.sharedHosts?.includes(host) || spec.operations.some(({ request }) => isFor(request, method, path));

/** Whether the path names the region, or a zone of it. */
const isNamedIn = (path: string) => {
  const segments = path.split('/');
  return ({ region }: Destination): boolean => segments.some((one) => one === region || one.startsWith(`${region}-`));
};

/**
 * Of the endpoints that share a host name, the one that a request is for: by the operation that its path is of, then by the region that its
 * path names, else the first. Clouds have such names: one front for all regions, one address for all metadata.
 */
export const routeAmong = <One extends Destination>(
  destinations: readonly One[],
  method: string,
  path: string,
): One | undefined => {
  if (destinations.length < 2) return destinations[0];
  const fitting = destinations.filter(({ spec }) => spec.operations.some(({ request }) => isFor(request, method, path)));
  const serving = fitting.length > 0 ? fitting : destinations;
  return serving.find(isNamedIn(path)) ?? serving[0];
};
