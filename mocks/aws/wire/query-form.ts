/** Parameters of a Query request, with their nesting undone: `Filter.1.Value.2=x` is `{Filter: [{Value: [, 'x']}]}` without the hole. */
export type QueryValue = string | readonly QueryValue[] | { readonly [name: string]: QueryValue };

type Branch = Map<string, string | Branch>;

/** Deepest nesting that any operation here has is 6; more is somebody's nonsense. */
const DEPTH_LIMIT = 10;

/** The caller wrote a parameter as a value and as a structure. */
export class QueryFormError extends Error {
  override readonly name = 'QueryFormError';
}

const plant = (tree: Branch, path: readonly string[], value: string, parameter: string): void => {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    if (tree.has(name)) throw new QueryFormError(parameter);
    tree.set(name, value);
    return;
  }
  const next = tree.get(name) ?? new Map<string, string | Branch>();
  if (typeof next === 'string') throw new QueryFormError(parameter);
  tree.set(name, next);
  plant(next, rest, value, parameter);
};

const isIndex = (name: string): boolean => /^[1-9]\d{0,4}$/.test(name);

const harvest = (branch: string | Branch): QueryValue => {
  if (typeof branch === 'string') return branch;
  const names = [...branch.keys()];
  // `.member` is how Query writes a list, where EC2 writes the index alone.
  const [only] = names;
  const members = names.length === 1 && only === 'member' ? branch.get('member') : undefined;
  if (members instanceof Map && [...members.keys()].every(isIndex)) return harvest(members);
  if (names.every(isIndex)) {
    return names.sort((a, b) => Number(a) - Number(b)).map((name) => harvest(branch.get(name) ?? ''));
  }
  return Object.fromEntries(names.map((name) => [name, harvest(branch.get(name) ?? '')]));
};

/**
 * @param parameters of a form or a query string
 * @throws {QueryFormError} whose message is the parameter that contradicts another
 */
export const readQueryForm = (parameters: URLSearchParams): Readonly<Record<string, QueryValue>> => {
  const tree: Branch = new Map();
  for (const [name, value] of parameters) {
    const path = name.split('.');
    if (path.length > DEPTH_LIMIT) throw new QueryFormError(name);
    plant(tree, path, value, name);
  }
  return Object.fromEntries([...tree].map(([name, branch]) => [name, harvest(branch)]));
};
