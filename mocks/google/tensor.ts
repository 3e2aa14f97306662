import { ModelInputError, type Prediction } from '../models/runtime.ts';

/** A `google.cloud.aiplatform.v1.Tensor` in proto3 JSON, as far as the model's container takes it. 64-bit integers are strings there. */
export interface Tensor {
  readonly dtype?: string;
  readonly shape?: readonly string[];
  readonly floatVal?: readonly (number | string)[];
  readonly doubleVal?: readonly (number | string)[];
  readonly intVal?: readonly number[];
  readonly uintVal?: readonly number[];
  readonly int64Val?: readonly string[];
  readonly uint64Val?: readonly string[];
  readonly listVal?: readonly Tensor[];
  readonly structVal?: Readonly<Record<string, Tensor>>;
}

/** Which fields carry the values of a type. Source: the comments of `Tensor` in `types.proto` of @google-cloud/aiplatform 7.4. */
const FIELD_OF_TYPE: Readonly<Record<string, keyof Tensor>> = {
  FLOAT: 'floatVal',
  DOUBLE: 'doubleVal',
  INT8: 'intVal',
  INT16: 'intVal',
  INT32: 'intVal',
  INT64: 'int64Val',
  UINT8: 'uintVal',
  UINT16: 'uintVal',
  UINT32: 'uintVal',
  UINT64: 'uint64Val',
};

const readValues = (tensor: Tensor, index: number): readonly number[] => {
  const { dtype = 'DATA_TYPE_UNSPECIFIED' } = tensor;
  const field = FIELD_OF_TYPE[dtype];
  if (!field) throw new ModelInputError(`input ${index} has values of type ${dtype}; the model takes numbers`);
  const values = tensor[field] as readonly (number | string)[] | undefined;
  if (!values) throw new ModelInputError(`input ${index} is of type ${dtype} and has no ${field}`);
  return values.map(Number);
};

/**
 * The rows of one input: `[n]` is a row, `[m, n]` is m rows; a list is read item by item, a struct by the name of the model's input.
 * @throws {ModelInputError}
 */
export const readRows = (tensor: Tensor, index: number): readonly (readonly number[])[] => {
  const { listVal, structVal, shape = [] } = tensor;
  if (listVal) return listVal.flatMap((item) => readRows(item, index));
  if (structVal) {
    const { pixels } = structVal;
    if (!pixels) throw new ModelInputError(`input ${index} has no pixels`);
    return readRows(pixels, index);
  }
  const values = readValues(tensor, index);
  const sizes = shape.length === 0 ? [values.length] : shape.map(Number);
  const [rows, columns] = sizes.length === 1 ? [1, sizes[0] ?? 0] : [sizes[0] ?? 0, sizes[1] ?? 0];
  if (sizes.length > 2 || rows * columns !== values.length) {
    throw new ModelInputError(`input ${index} has ${values.length} values, which is not a tensor of shape [${shape.join(', ')}]`);
  }
  return Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
};

/** A prediction as the container writes it: a struct of tensors. */
export const toTensor = ({ label, probabilities }: Prediction): Tensor => ({
  structVal: {
    label: { dtype: 'INT64', shape: ['1'], int64Val: [String(label)] },
    probabilities: { dtype: 'DOUBLE', shape: [String(probabilities.length)], doubleVal: probabilities },
  },
});
