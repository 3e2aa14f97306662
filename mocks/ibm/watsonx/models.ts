import { invalidArgument } from './errors.ts';
import { SOFTWARE_SPECIFICATION } from './software-specification.ts';
import type { Space, StoredModel } from './space.ts';

/** A stored model as the API shows it. */
export const describeModel = (space: Space, { id, name, createdAt }: StoredModel) => ({
  metadata: { id, name, owner: space.owner, space_id: space.id, created_at: createdAt, modified_at: createdAt },
  entity: {
    type: 'custom_onnx',
    software_spec: { id: SOFTWARE_SPECIFICATION.id, name: SOFTWARE_SPECIFICATION.name },
    content_import_state: 'complete',
    schemas: { input: [{ id: 'pixels', fields: [{ name: 'pixels', type: 'float', shape: [64] }] }], output: [] },
  },
});

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 100;

/** A page of the stored models, from `start` on. @param origin of the next page's address @throws {WatsonxError} */
export const listModels = (space: Space, query: URLSearchParams, origin: string) => {
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw invalidArgument(`'limit' is 1 to ${MAX_LIMIT}.`);
  const start = query.get('start');
  const from = start === null ? 0 : space.models.findIndex(({ id }) => id === start);
  if (from === -1) throw invalidArgument("'start' is not a token that a previous page gave.");
  const page = space.models.slice(from, from + limit);
  const next = space.models[from + limit];
  const base = `${origin}/ml/v4/models?limit=${limit}`;
  return {
    total_count: space.models.length,
    limit,
    first: { href: base },
    ...(next ? { next: { href: `${base}&start=${next.id}` } } : {}),
    resources: page.map((model) => describeModel(space, model)),
  };
};
