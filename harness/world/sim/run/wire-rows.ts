/**
 * What a prediction that is asked of a provider is about: the index of a sample, `check` for a health check's input, or `other` for one that
 * nobody asked the system under test about.
 */
export type WireInput = number | 'check' | 'other';

/** Tells by the body of a prediction request, whichever provider it is for, what it is about. */
export type WireRows = (body: string) => WireInput;

/**
 * All providers take rows as an array of arrays, under a name of their own.
 * @param samples inputs by their index; of equal ones the last counts
 */
export const createWireRows = (samples: readonly (readonly number[])[], checkRow: readonly number[]): WireRows => {
  const inputs = new Map<string, WireInput>(samples.map((row, index) => [rowsText(row), index]));
  inputs.set(rowsText(checkRow), 'check');
  return (body) => {
    const start = body.indexOf('[[');
    return inputs.get(body.slice(start, body.lastIndexOf(']]') + 2)) ?? 'other';
  };
};

const rowsText = (row: readonly number[]): string => JSON.stringify([row]);
