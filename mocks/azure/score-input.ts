/** The body is not a scoring request: the model's container answers 400, the endpoint 424. */
export class BadScoreInput extends Error {
  override readonly name = 'BadScoreInput';
}

const isRow = (row: unknown): row is readonly number[] => Array.isArray(row) && row.every((value) => typeof value === 'number');

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new BadScoreInput('The body is not JSON.');
  }
};

/**
 * Rows of a scoring request in the form that MLflow deployments take on Azure: `{"input_data": [[..], ..]}`, or with the rows
 * under `data` and beside them `columns` and `index`, which name but do not reorder.
 * So Azure ML's docs on MLflow models have it.
 * @throws {BadScoreInput}
 */
export const parseScoreInput = (body: string): readonly (readonly number[])[] => {
  const document = parse(body) as { readonly input_data?: unknown } | null;
  const input = document?.input_data as { readonly data?: unknown } | null | undefined;
  if (input === undefined) throw new BadScoreInput("The body has no 'input_data'.");
  const rows = Array.isArray(input) ? input : input?.data;
  if (!Array.isArray(rows) || rows.length === 0 || !rows.every(isRow)) {
    throw new BadScoreInput("'input_data' is not a list of at least one row of numbers.");
  }
  return rows;
};
