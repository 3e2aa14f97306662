import { toxicKinds } from '../toxics/index.ts';
import type { Stream, Toxic, ToxicKind } from '../toxics/toxic.ts';
import { badBody, badStream, badToxicType, toxicExists, toxicNotFound } from './api-error.ts';
import { type Attributes, attributesType, readAttributes } from './attributes.ts';
import { type FieldTypes, type Place, readFields } from './json-fields.ts';
import { toFloat32 } from './json-text.ts';
import { type JsonValue, kindOf } from './json-value.ts';

/** A toxic as the API shows it, fields in Toxiproxy's order. */
export interface ToxicView {
  readonly attributes: Attributes;
  readonly name: string;
  readonly type: string;
  /** As it was written: case is not looked at. */
  readonly stream: string;
  readonly toxicity: number;
}

/** The toxics of one proxy. */
export interface Toxics {
  /** In the order of their effect: upstream before downstream, first added first. */
  list(): readonly ToxicView[];
  /** @throws {ApiError} 404 */
  get(name: string): ToxicView;
  /** @throws {ApiError} 400, 409 */
  add(document: JsonValue): ToxicView;
  /** Attributes and toxicity that are given; the others stay. @throws {ApiError} 400, 404; then nothing has changed */
  update(name: string, document: JsonValue): ToxicView;
  /** @throws {ApiError} 404 */
  remove(name: string): void;
  clear(): void;
}

interface Entry {
  readonly toxic: Toxic;
  readonly stream: string;
}

const TOXIC_FIELDS: FieldTypes = { attributes: 'any', name: 'string', type: 'string', stream: 'string', toxicity: 'float32' };
const UPDATE_FIELDS: FieldTypes = { attributes: 'any', toxicity: 'float32' };
const NEW_TOXIC: Place = { struct: 'toxics.ToxicWrapper', fieldOf: (name) => `ToxicWrapper.${name}` };
const UPDATE: Place = {
  struct: 'struct { Attributes interface {} "json:\\"attributes\\""; Toxicity float32 "json:\\"toxicity\\"" }',
  fieldOf: (name) => `.${name}`,
};
const STREAMS: readonly Stream[] = ['upstream', 'downstream'];

const viewOf = ({ toxic, stream }: Entry): ToxicView => ({
  attributes: toxic.attributes,
  name: toxic.name,
  type: toxic.kind.type,
  stream,
  toxicity: toxic.toxicity,
});

/** The fields of a toxic; its attributes are an object, or there are none. @throws {ApiError} */
const readToxic = (document: JsonValue, types: FieldTypes, place: Place, kind: ToxicKind | null) => {
  const fields = readFields(document, types, place);
  const attributes = (fields.get('attributes') ?? null) as JsonValue;
  if (attributes !== null && kindOf(attributes) !== 'object') {
    const field = `${place.fieldOf('attributes')} of type ${attributesType(kind)}`;
    throw badBody(`json: cannot unmarshal ${kindOf(attributes)} into Go struct field ${field}`);
  }
  return { fields, attributes };
};

/** @param onChange is told the toxics in force, whenever they change */
export const createToxics = (onChange: (toxics: readonly Toxic[]) => void): Toxics => {
  let entries: readonly Entry[] = [];

  const set = (next: readonly Entry[]) => {
    entries = next;
    onChange(entries.map(({ toxic }) => toxic));
  };
  const find = (name: string): Entry => {
    const entry = entries.find(({ toxic }) => toxic.name === name);
    if (!entry) throw toxicNotFound();
    return entry;
  };

  return {
    list: () => STREAMS.flatMap((stream) => entries.filter(({ toxic }) => toxic.stream === stream).map(viewOf)),
    get: (name) => viewOf(find(name)),
    add(document) {
      const { fields, attributes } = readToxic(document, TOXIC_FIELDS, NEW_TOXIC, null);
      const written = (fields.get('stream') ?? 'downstream') as string;
      const stream = STREAMS.find((known) => known === written.toLowerCase());
      if (!stream) throw badStream();
      const type = (fields.get('type') ?? '') as string;
      const name = (fields.get('name') as string | undefined) || `${type}_${written}`;
      const kind = toxicKinds.get(type);
      if (!kind) throw badToxicType();
      if (entries.some(({ toxic }) => toxic.name === name)) throw toxicExists();
      const toxicity = toFloat32((fields.get('toxicity') ?? 1) as number);
      const entry = { toxic: { name, kind, stream, toxicity, attributes: readAttributes(kind, attributes) }, stream: written };
      set([...entries, entry]);
      return viewOf(entry);
    },
    update(name, document) {
      const entry = find(name);
      const { toxic, stream } = entry;
      const { fields, attributes } = readToxic(document, UPDATE_FIELDS, UPDATE, toxic.kind);
      const changed: Entry = {
        toxic: {
          ...toxic,
          attributes: readAttributes(toxic.kind, attributes, toxic.attributes),
          toxicity: toFloat32((fields.get('toxicity') ?? toxic.toxicity) as number),
        },
        stream,
      };
      set(entries.map((one) => (one === entry ? changed : one)));
      return viewOf(changed);
    },
    remove(name) {
      const entry = find(name);
      set(entries.filter((one) => one !== entry));
    },
    clear() {
      if (entries.length > 0) set([]);
    },
  };
};
