import { z } from 'zod';
import { ec2Error } from '../wire/validation.ts';

/** Filters of a Describe call: all must match, and of one's values any. `*` and `?` stand for any characters, and any one. */
export const filtersSchema = z
  .array(z.strictObject({ Name: z.string(), Value: z.array(z.string()).max(200).default([]) }))
  .default([]);

export type Filters = z.output<typeof filtersSchema>;

/** What a filter looks at: the values that an item has under its name. */
export type FilterValues<Item> = Readonly<Record<string, (item: Item) => readonly string[]>>;

const escapePattern = (text: string): string => text.replace(/[.+^${}()|[\]\\]/g, '\\$&');

/** Wildcards in a row are one: so that no pattern takes long. */
const patternOf = (value: string): RegExp =>
  new RegExp(`^${escapePattern(value.replace(/\*+/g, '*')).replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');

const tagsFilter =
  <Item>(tagsOf: (item: Item) => ReadonlyMap<string, string>, key: string) =>
  (item: Item): readonly string[] => {
    const value = tagsOf(item).get(key);
    return value === undefined ? [] : [value];
  };

/**
 * Keeps the items that all filters match.
 * @param tagsOf where items have tags: `tag:key` and `tag-key` filter by them
 * @throws {AwsError} `InvalidParameterValue` for a filter that the operation lacks
 */
export const applyFilters = <Item>(
  items: readonly Item[],
  filters: Filters,
  known: FilterValues<Item>,
  tagsOf: (item: Item) => ReadonlyMap<string, string> = () => new Map(),
): readonly Item[] => {
  const checks = filters.map(({ Name, Value }) => {
    const valuesOf = Name.startsWith('tag:')
      ? tagsFilter(tagsOf, Name.slice(4))
      : Name === 'tag-key'
        ? (item: Item) => [...tagsOf(item).keys()]
        : Object.hasOwn(known, Name)
          ? known[Name]
          : undefined;
    if (!valuesOf) throw ec2Error('InvalidParameterValue', `The filter '${Name}' is invalid`);
    const patterns = Value.map(patternOf);
    return (item: Item) => valuesOf(item).some((value) => patterns.some((pattern) => pattern.test(value)));
  });
  return items.filter((item) => checks.every((check) => check(item)));
};
