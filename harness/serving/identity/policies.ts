/**
 * Who may do what, in Cedar: what no policy permits is refused, and `forbid` wins. A principal is whoever a token is of, with its privileges
 * (`scopes`) and its tenant; a resource is a model, or the stack itself, with the scope that is its own.
 */
export const ACCESS_POLICIES = /* cedar */ `
// A caller predicts by its model, or by all of them.
permit (principal, action == Action::"predict", resource)
when { principal.scopes.contains("predict") || principal.scopes.contains(resource.scope) };

// Whoever is known may ask what there is.
permit (principal, action == Action::"describe", resource);

permit (principal, action == Action::"health", resource)
when { principal.scopes.contains("health") };

// Parts of the stack among themselves: each has what it needs, and no more.
permit (principal, action == Action::"work", resource)
when { principal.scopes.contains("work") };

permit (principal, action == Action::"admin", resource)
when { principal.scopes.contains("admin") };

// Nobody acts in the name of another tenant, whatever else it may do: not even a part that is asked to.
forbid (principal, action, resource)
when { context.tenant != principal.tenant };
`;

/** What can be asked for. */
export type Action = 'predict' | 'describe' | 'health' | 'work' | 'admin';
