import type { OperationSpec } from '../../cloud/service.ts';

/** An operation of a resource provider, by its id in the REST specification, e.g. `VirtualMachines_Get`. */
export interface ArmRoute {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** The path after the subscription, with variables in braces; words match in any case. */
  readonly path: string;
  /** The permission that it needs, e.g. `Microsoft.Compute/virtualMachines/read`. */
  readonly action: string;
}

export type ArmRoutes<Name extends string> = Readonly<Record<Name, ArmRoute>>;

/** What each operation does. */
export type ArmHandlers<Name extends string, Call> = Readonly<Record<Name, (call: Call) => Promise<Response> | Response>>;

/** Where a request's path led. */
export interface RouteMatch<Name extends string> {
  readonly name: Name;
  readonly route: ArmRoute;
  readonly variables: Readonly<Record<string, string>>;
}

const matchPath = (pattern: string, segments: readonly string[]): Record<string, string> | null => {
  const wanted = pattern.split('/').slice(1);
  if (wanted.length !== segments.length) return null;
  const variables: Record<string, string> = {};
  for (const [at, word] of wanted.entries()) {
    const segment = segments[at] ?? '';
    const variable = /^\{(\w+)\}$/.exec(word)?.[1];
    if (variable) variables[variable] = segment;
    else if (word.toLowerCase() !== segment.toLowerCase()) return null;
  }
  return variables;
};

/** Routes whose path is the request's, whatever their method. @param segments of the path after the subscription */
export const matchRoutes = <Name extends string>(
  routes: ArmRoutes<Name>,
  segments: readonly string[],
): readonly RouteMatch<Name>[] =>
  (Object.entries(routes) as [Name, ArmRoute][]).flatMap(([name, route]) => {
    const variables = matchPath(route.path, segments);
    return variables ? [{ name, route, variables }] : [];
  });

/** Operations for the table of services. */
export const listOperations = (routes: ArmRoutes<string>): readonly OperationSpec[] =>
  Object.entries(routes).map(([name, { method, path }]) => ({ name, request: `${method} /subscriptions/{subscription}${path}` }));
