/**
 * Tensors as bytes: elements one after another, row-major, little-endian, nothing between them. So they are in REST's binary data extension
 * and in gRPC's raw contents. Source: github.com/triton-inference-server/server, docs/protocol/extension_binary_data.md; read November 2026.
 */
interface Element {
  readonly bytes: number;
  read(view: DataView, offset: number): number;
  write(view: DataView, offset: number, value: number): void;
}

const ELEMENTS = {
  FP32: {
    bytes: 4,
    read: (view, offset) => view.getFloat32(offset, true),
    write: (view, offset, value) => view.setFloat32(offset, value, true),
  },
  INT64: {
    bytes: 8,
    read: (view, offset) => Number(view.getBigInt64(offset, true)),
    write: (view, offset, value) => view.setBigInt64(offset, BigInt(value), true),
  },
} as const satisfies Readonly<Record<string, Element>>;

/** Datatypes of the model's tensors. */
export type Datatype = keyof typeof ELEMENTS;

/** Bytes of a tensor of so many elements. */
export const sizeOf = (datatype: Datatype, count: number): number => ELEMENTS[datatype].bytes * count;

/** @param bytes a whole number of elements */
export const readTensor = (datatype: Datatype, bytes: Uint8Array): number[] => {
  const { bytes: width, read } = ELEMENTS[datatype];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / width }, (_, index) => read(view, index * width));
};

export const writeTensor = (datatype: Datatype, values: readonly number[]): Uint8Array<ArrayBuffer> => {
  const { bytes: width, write } = ELEMENTS[datatype];
  const bytes = new Uint8Array(width * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    write(view, index * width, value);
  });
  return bytes;
};
