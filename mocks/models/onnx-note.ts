/** A length-delimited field of protobuf: a tag, the length, the bytes. Numbers below 128 are one byte each. */
const field = (number: number, bytes: readonly number[]): readonly number[] => [(number << 3) | 2, bytes.length, ...bytes];

/** `metadata_props` of ModelProto, and `key` and `value` of its entries: onnx/onnx.proto3, read November 2026. */
const METADATA = 14;
const KEY = 1;
const VALUE = 2;

const MAX_TEXT = 40;

/**
 * A model's file with a note in its metadata: another file, with a digest of its own, that predicts the same. Repeated fields of a protobuf message
 * go on at its end.
 * @param key, value at most 40 characters of ASCII each
 */
export const withNote = (model: Uint8Array, key: string, value: string): Uint8Array => {
  if (key.length > MAX_TEXT || value.length > MAX_TEXT) throw new TypeError(`A note has at most ${MAX_TEXT} characters.`);
  const encode = (text: string): readonly number[] => [...new TextEncoder().encode(text)];
  const note = field(METADATA, [...field(KEY, encode(key)), ...field(VALUE, encode(value))]);
  const noted = new Uint8Array(model.length + note.length);
  noted.set(model);
  noted.set(note, model.length);
  return noted;
};
