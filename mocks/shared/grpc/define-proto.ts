import { create, createFileRegistry, type DescFile, type DescMessage, type FileRegistry } from '@bufbuild/protobuf';
import {
  DescriptorProtoSchema,
  EnumDescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  OneofDescriptorProtoSchema,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';

/** The scalar types that messages here use, by their names in a `.proto` file. */
const SCALARS: Readonly<Record<string, Type>> = {
  string: Type.STRING,
  bytes: Type.BYTES,
  bool: Type.BOOL,
  float: Type.FLOAT,
  double: Type.DOUBLE,
  int32: Type.INT32,
  int64: Type.INT64,
  uint32: Type.UINT32,
  uint64: Type.UINT64,
};

/**
 * Fields by name, as a `.proto` file has them: `[number, type]`, the type with `repeated` or as `map<string, …>` where it is one, and the
 * `oneof` that they are of.
 */
export type Fields = Readonly<Record<string, readonly [number: number, type: string, oneof?: string]>>;

/** One `.proto` file. */
export interface ProtoFile {
  /** Path by which others import it. */
  readonly path: string;
  readonly package: string;
  readonly imports: readonly DescFile[];
  /** By name in the package. */
  readonly messages: Readonly<Record<string, Fields>>;
  /** Numbers of values by name. */
  readonly enums?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A name as a descriptor refers to it: in the package unless it names one. */
const qualify = (type: string, pkg: string): string => (type.includes('.') ? `.${type}` : `.${pkg}.${type}`);

const MAP = /^map<string, (.+)>$/;

const entryName = (field: string): string => `${camelCase(`_${field}`)}Entry`;

const field = (name: string, number: number, type: string, file: ProtoFile, owner: string): FieldDescriptorProto => {
  const base = { name, jsonName: camelCase(name), number };
  if (MAP.test(type)) {
    const typeName = `.${file.package}.${owner}.${entryName(name)}`;
    return create(FieldDescriptorProtoSchema, { ...base, label: Label.REPEATED, type: Type.MESSAGE, typeName });
  }
  const label = type.startsWith('repeated ') ? Label.REPEATED : Label.OPTIONAL;
  const bare = type.replace('repeated ', '');
  const scalar = SCALARS[bare];
  if (scalar !== undefined) return create(FieldDescriptorProtoSchema, { ...base, label, type: scalar });
  const isEnum = file.enums !== undefined && bare in file.enums;
  return create(FieldDescriptorProtoSchema, {
    ...base,
    label,
    type: isEnum ? Type.ENUM : Type.MESSAGE,
    typeName: qualify(bare, file.package),
  });
};

const message = (name: string, fields: Fields, file: ProtoFile) => {
  const oneofs = [...new Set(Object.values(fields).flatMap(([, , oneof]) => oneof ?? []))];
  return create(DescriptorProtoSchema, {
    name,
    oneofDecl: oneofs.map((oneof) => create(OneofDescriptorProtoSchema, { name: oneof })),
    field: Object.entries(fields).map(([key, [number, type, oneof]]) => {
      const made = field(key, number, type, file, name);
      if (oneof !== undefined) made.oneofIndex = oneofs.indexOf(oneof);
      return made;
    }),
    nestedType: Object.entries(fields).flatMap(([key, [, type]]) => {
      const value = MAP.exec(type)?.[1];
      if (value === undefined) return [];
      const owner = `${name}.${entryName(key)}`;
      return create(DescriptorProtoSchema, {
        name: entryName(key),
        field: [field('key', 1, 'string', file, owner), field('value', 2, value, file, owner)],
        options: { mapEntry: true },
      });
    }),
  });
};

/** The descriptors of a `.proto` file, with those that it imports. */
export interface Defined {
  readonly registry: FileRegistry;
  readonly file: DescFile;
  /** @param name in the file's package @throws {TypeError} for a message that the file does not define */
  message(name: string): DescMessage;
}

/** Makes descriptors of a proto3 file out of what it says, as `protoc` would. */
export const defineProto = (proto: ProtoFile): Defined => {
  const descriptor = create(FileDescriptorProtoSchema, {
    name: proto.path,
    package: proto.package,
    syntax: 'proto3',
    dependency: proto.imports.map((imported) => imported.proto.name),
    messageType: Object.entries(proto.messages).map(([name, fields]) => message(name, fields, proto)),
    enumType: Object.entries(proto.enums ?? {}).map(([name, values]) =>
      create(EnumDescriptorProtoSchema, {
        name,
        value: Object.entries(values).map(([value, number]) => ({ name: value, number })),
      }),
    ),
  });
  const registry = createFileRegistry(descriptor, (path) => proto.imports.find((imported) => imported.proto.name === path));
  const file = registry.getFile(proto.path);
  if (!file) throw new TypeError(`${proto.path} is not in its own registry`);
  return {
    registry,
    file,
    message(name) {
      const found = registry.getMessage(`${proto.package}.${name}`);
      if (!found) throw new TypeError(`${proto.path} has no message ${name}`);
      return found;
    },
  };
};
